import { Button } from '@patternfly/react-core';
import type { RefObject } from 'react';
import { useMay } from '../../../app/session';
import { T } from '../../../ui/i18n';
import { CustodyActs } from '../custody/CustodyActs';
import { Putting } from './Putting';

type Props = {
  caseId: string;
  search: string;
  total: number;
  ticked: ReadonlySet<string>;
  onClear: () => void;
  field: RefObject<HTMLElement | null>;
};

// What is done with the ticked items, or with nothing ticked with the whole result.
export function BulkBar({ caseId, search, total, ticked, onClear, field }: Props) {
  const may = useMay();
  const some = ticked.size > 0;
  const scope = some ? { items: [...ticked] } : { search };
  const n = some ? ticked.size : total;
  if (!may('evidence.tag') && !may('evidence.custody')) return null;
  const counted = (
    <>
      <span className="num" role="status">
        {some ? <T id="evidence.bulk.ticked" values={{ n }} /> : <T id="evidence.bulk.whole" values={{ n }} />}
      </span>
      {some && (
        <Button variant="link" isInline onClick={onClear}>
          <T id="evidence.bulk.clear" />
        </Button>
      )}
      <CustodyActs caseId={caseId} scope={scope} n={n} />
      <span className="grow" />
    </>
  );
  return (
    <div className="bulk">
      {may('evidence.tag') ? (
        <Putting caseId={caseId} scope={scope} field={field}>
          {counted}
        </Putting>
      ) : (
        <div className="bulk-line">{counted}</div>
      )}
    </div>
  );
}
