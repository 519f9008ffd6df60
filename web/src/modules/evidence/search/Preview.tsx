import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { Loading, ProblemAlert } from '../../../app/problem';
import type { Hit } from '../../../api/types';
import { T, useT, useWord } from '../../../ui/i18n';
import { plain } from '../../../ui/text';
import { Code, EvidenceDate, Name } from '../../../ui/Words';
import { CustodyLine } from '../item/Custody';
import { useItem } from '../data';
import { TextView } from '../text/TextView';

// Beside the results: where it comes from and who had it, then the text, opened at its hit.
export function Preview({ caseId, hit, search, region }: { caseId: string; hit: Hit; search: string; region: RefObject<HTMLDivElement | null> }) {
  const t = useT();
  const word = useWord();
  const { data: item, error } = useItem(hit.item);
  return (
    <section className="pane preview" aria-label={t('evidence.search.preview')}>
      <div className="pane-h">
        <h2 className="preview-title">
          <Name of={plain(hit.title) || hit.path} />
        </h2>
        <span className="grow" />
        <Link to="/cases/$case/items/$item" params={{ case: caseId, item: hit.item }} search={{ s: search }}>
          <T id="evidence.preview.open" />
        </Link>
      </div>
      {error && <ProblemAlert error={error} />}
      {!item && !error && <Loading />}
      {item && (
        <div className="preview-head">
          <div>
            {item.code && (
              <>
                <Code>{item.code}</Code> ·{' '}
              </>
            )}
            {word('evidence.state', item.state)}
            {item.date && (
              <>
                {' '}
                · <EvidenceDate of={item.date} />
              </>
            )}
          </div>
          <div className="wrap">
            <span className="label">SHA-256</span><Code>{item.sha256}</Code>
          </div>
          <CustodyLine itemId={item.id} />
        </div>
      )}
      {item && <TextView key={`${hit.item} ${search}`} item={item} search={search} startPage={hit.page ?? 1} region={region} />}
    </section>
  );
}
