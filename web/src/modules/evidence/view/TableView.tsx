import { useQueries, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { Button } from '@patternfly/react-core';
import { showing, type TablePart } from '../../../api/workspace';
import { useActions } from '../../../app/actions';
import { Loading, ProblemAlert } from '../../../app/problem';
import { Highlight } from '../../../ui/Highlight';
import { T, useT } from '../../../ui/i18n';
import { plain } from '../../../ui/text';
import { Num } from '../../../ui/Words';
import { COLUMNS_SHOWN, columnName, nextRow, PART, partsFor } from './grid';
import './view.css';

const ROW = 28;

const partKey = (item: string, page: number, search: string | undefined, part: number) => ['table', item, page, search, part] as const;

function useParts(item: string, page: number, search: string | undefined, first: number, last: number, rows: number) {
  const wanted = partsFor(first, last, rows);
  return useQueries({
    queries: wanted.map((part) => ({
      queryKey: partKey(item, page, search, part),
      queryFn: ({ signal }: { signal: AbortSignal }) => showing.table(item, page, part * PART, PART, search, signal),
      staleTime: 300_000,
    })),
    combine: (answers) => {
      const parts = new Map(answers.flatMap((a, i) => (a.data ? [[wanted[i]!, a.data.cells] as const] : [])));
      return {
        row: (index: number) => parts.get(Math.floor(index / PART))?.[index % PART],
        error: answers.find((a) => a.error)?.error ?? null,
      };
    },
  });
}

type GridProps = { itemId: string; search: string | undefined; table: TablePart; row: number | null; region: RefObject<HTMLDivElement | null> };

// All rows of a sheet as one grid, of which only those in sight exist.
function Grid({ itemId, search, table, row, region }: GridProps) {
  const t = useT();
  const columns = Math.min(table.columns, COLUMNS_SHOWN);
  const virtual = useVirtualizer({ count: table.rows, getScrollElement: () => region.current, estimateSize: () => ROW, overscan: 6 });
  const seen = virtual.getVirtualItems();
  const parts = useParts(itemId, table.page, search, seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0, table.rows);
  useEffect(() => {
    if (row !== null) virtual.scrollToIndex(row, { align: 'center' });
  }, [row, virtual]);
  const template = { gridTemplateColumns: `4rem repeat(${columns}, minmax(9rem, 1fr))`, minInlineSize: `${4 + columns * 9}rem` };
  return (
    <div className="scroll sheet" tabIndex={0} ref={region} role="region" aria-label={t('evidence.view.table')}>
      {parts.error !== null && <ProblemAlert error={parts.error} />}
      <div role="table" aria-label={t('evidence.view.table')} aria-rowcount={table.rows + 1} aria-colcount={table.columns + 1}>
        <div role="row" aria-rowindex={1} className="sheet-row sheet-head" style={template}>
          <span role="columnheader" aria-colindex={1}>
            <span className="sr">
              <T id="evidence.table.row" />
            </span>
          </span>
          {Array.from({ length: columns }, (_, c) => (
            <span key={c} role="columnheader" aria-colindex={c + 2}>
              {columnName(c)}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="sheet-body" style={{ blockSize: virtual.getTotalSize() }}>
          {seen.map((r) => {
            const cells = parts.row(r.index);
            return (
              <div
                key={r.key}
                role="row"
                aria-rowindex={r.index + 2}
                className={r.index === row ? 'sheet-row cur' : 'sheet-row'}
                style={{ ...template, blockSize: ROW, transform: `translateY(${r.start}px)` }}
              >
                <span role="rowheader" aria-colindex={1} className="num">
                  <Num of={r.index + 1} />
                </span>
                {Array.from({ length: columns }, (_, c) => (
                  <span key={c} role="cell" aria-colindex={c + 2} dir="auto" title={cells?.[c] && cells[c].length > 24 ? plain(cells[c]) : undefined}>
                    {cells ? <Highlight text={cells[c] ?? ''} /> : c === 0 ? '…' : ''}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

// A sheet, a table of a database or a file of values: a sheet is a page of the text.
export function TableView({ itemId, search, startPage, region }: { itemId: string; search: string | undefined; startPage: number; region: RefObject<HTMLDivElement | null> }) {
  const t = useT();
  const [page, setPage] = useState(startPage);
  const [row, setRow] = useState<number | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: partKey(itemId, page, search, 0),
    queryFn: ({ signal }) => showing.table(itemId, page, 0, PART, search, signal),
    staleTime: 300_000,
  });
  const opened = useRef<number | null>(null);
  useEffect(() => {
    if (!data || opened.current === page) return;
    opened.current = page;
    setRow(data.hit_rows[0] ?? null);
  }, [data, page]);
  const turn = (by: 1 | -1) => setPage((p) => Math.max(1, Math.min(data?.pages ?? 1, p + by)));
  const hits = data?.hit_rows ?? [];
  useActions({
    'hit.next': () => setRow((r) => nextRow(hits, r, 1)),
    'hit.previous': () => setRow((r) => nextRow(hits, r, -1)),
    'view.forward': () => turn(1),
    'view.backward': () => turn(-1),
  });
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading />;
  return (
    <>
      <div className="pane-h text-bar">
        {data.pages > 1 && (
          <>
            <Button variant="plain" size="sm" aria-label={t('evidence.table.before')} isDisabled={page <= 1} onClick={() => turn(-1)}>
              ‹
            </Button>
            <span className="num nowrap">
              <T id="evidence.table.sheet" values={{ page, pages: data.pages }} />
            </span>
            <Button variant="plain" size="sm" aria-label={t('evidence.table.after')} isDisabled={page >= data.pages} onClick={() => turn(1)}>
              ›
            </Button>
          </>
        )}
        <span className="muted num nowrap">
          <T id="evidence.table.size" values={{ rows: data.rows, columns: data.columns }} />
        </span>
        {data.columns > COLUMNS_SHOWN && (
          <span className="muted nowrap">
            <T id="evidence.table.ceiling" values={{ n: COLUMNS_SHOWN }} />
          </span>
        )}
        <span className="grow" />
        {hits.length > 0 && (
          <>
            <span className="num nowrap" role="status">
              <T id="evidence.table.hits" values={{ n: hits.length }} />
            </span>
            <Button variant="plain" size="sm" aria-label={t('evidence.action.previousHit')} title="p" onClick={() => setRow(nextRow(hits, row, -1))}>
              ↑
            </Button>
            <Button variant="plain" size="sm" aria-label={t('evidence.action.nextHit')} title="n" onClick={() => setRow(nextRow(hits, row, 1))}>
              ↓
            </Button>
          </>
        )}
      </div>
      <Grid key={page} itemId={itemId} search={search} table={data} row={row} region={region} />
    </>
  );
}
