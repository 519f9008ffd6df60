import { Button } from '@patternfly/react-core';
import { LockIcon } from '@patternfly/react-icons/dist/esm/icons/lock-icon';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Field, Kind } from '../../../api/kinds';
import { records, type Rec } from '../../../api/records';
import { ProblemAlert } from '../../../app/problem';
import { ReasonDialog } from '../../../ui/ReasonDialog';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Value } from '../values/Value';

const SHOWN_S = 30;

function Opened({ children, onEnd }: { children: React.ReactNode; onEnd: () => void }) {
  const [left, setLeft] = useState(SHOWN_S);
  useEffect(() => {
    const timer = setInterval(() => setLeft((n) => n - 1), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) onEnd();
  }, [left, onEnd]);
  return (
    <span className="sealed-open">
      {children}{' '}
      <span className="muted small num">
        <T id="records.sealed.left" values={{ n: left }} />
      </span>
    </span>
  );
}

// A sealed value: opened with a reason that the ledger keeps, shown for half a minute, held nowhere.
export function Sealed({ kind, field, record, past }: { kind: Kind; field: Field; record: Rec; past: boolean }) {
  const t = useT();
  const label = useLabel();
  const [asking, setAsking] = useState(false);
  const open = useMutation({ mutationFn: (reason: string) => records.open(record.code, field.name, reason), gcTime: 0 });
  const { reset } = open;
  return (
    <>
      {open.data ? (
        <Opened onEnd={reset}>
          <Value kind={kind} field={field} value={open.data.value} names={record.names} />
        </Opened>
      ) : (
        <span className="f-line">
          <span className="muted">
            <LockIcon aria-hidden="true" /> <T id="records.sealed.sealed" />
          </span>
          {!past && record.may.includes('open_sealed') && (
            <Button variant="link" isInline isDisabled={open.isPending} onClick={() => setAsking(true)}>
              <T id="records.sealed.open" values={{ what: label(field) }} />
            </Button>
          )}
        </span>
      )}
      {open.error && <ProblemAlert error={open.error} />}
      {asking && (
        <ReasonDialog
          title={t('records.sealed.title', { what: label(field) })}
          act={t('records.sealed.act')}
          onAct={(reason) => {
            setAsking(false);
            open.mutate(reason);
          }}
          onClose={() => setAsking(false)}
        >
          <p className="below">
            <T id="records.sealed.body" values={{ n: SHOWN_S }} />
          </p>
        </ReasonDialog>
      )}
    </>
  );
}
