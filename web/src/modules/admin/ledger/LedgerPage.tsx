import { Button } from '@patternfly/react-core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { ledger } from '../../../api/server';
import type { LedgerFilter, LedgerRow } from '../../../api/types';
import { Loading, NotFound, ProblemAlert } from '../../../app/problem';
import { T, useT, useWord } from '../../../ui/i18n';
import { Code, Moment } from '../../../ui/Words';
import { NO_FILTER } from './asked';
import { Filter } from './Filter';
import { Verify } from './Verify';
import './ledger.css';

const COLUMNS = ['row', 'at', 'who', 'act', 'object', 'outcome'] as const;

function Rows({ rows }: { rows: LedgerRow[] }) {
  const word = useWord();
  return (
    <table className="dt">
      <thead>
        <tr>
          {COLUMNS.map((c) => (
            <th key={c} scope="col" className={c === 'row' ? 'end' : undefined}>
              <T id={`admin.ledger.${c}`} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.row}>
            <td className="end">
              <Code>{r.row}</Code>
            </td>
            <td>
              <Moment at={r.at} />
            </td>
            <td>
              <bdi>{r.who}</bdi>
            </td>
            <td>{word('admin.act', r.act)}</td>
            <td className="wrap">
              <Code>{r.object}</Code>
            </td>
            <td>{word('admin.outcome', r.outcome)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Who did or saw what: newest first, older on request.
export default function LedgerPage() {
  const t = useT();
  const [filter, setFilter] = useState<LedgerFilter>(NO_FILTER);
  const pages = useInfiniteQuery({
    queryKey: ['ledger', filter],
    queryFn: ({ pageParam, signal }) => ledger.page(filter, pageParam, signal),
    initialPageParam: null as string | number | null,
    getNextPageParam: (last) => last.next,
  });
  if (isProblem(pages.error, 404)) return <NotFound />;
  const rows = pages.data?.pages.flatMap((p) => p.rows);
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="admin.ledger.title" />
        </h1>
        <span className="grow" />
        <Verify />
      </div>
      <Filter onFilter={setFilter} />
      <section className="scroll pad" tabIndex={0} aria-label={t('admin.ledger.title')}>
        {pages.error && <ProblemAlert error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isPending && <Loading />}
        {rows?.length === 0 && (
          <p className="muted">
            <T id="admin.ledger.none" />
          </p>
        )}
        {rows && rows.length > 0 && <Rows rows={rows} />}
        {pages.hasNextPage && (
          <Button className="above" variant="secondary" isLoading={pages.isFetchingNextPage} isDisabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            <T id="admin.ledger.older" />
          </Button>
        )}
      </section>
    </div>
  );
}
