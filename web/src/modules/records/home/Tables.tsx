// Tiles that are tables: how many by two things, and a line for each case.
import { Link } from '@tanstack/react-router';
import type { CasesTile, TableTile, Value } from '../../../api/home';
import type { Filter } from '../../../api/kinds';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code, Num } from '../../../ui/Words';
import { Behind } from './Behind';

type Of<X> = { tile: X; caseId: string | undefined };

const narrow = (by: string, v: Value): Filter | null => {
  if (by === 'case') return v.value ? { field: 'case', op: 'is', value: v.value } : null;
  if (v.value === '') return { field: by, op: 'empty' };
  if (v.value === 'true' || v.value === 'false') return { field: by, op: 'is', value: v.value === 'true' };
  return { field: by, op: 'in', value: [v.value] };
};

export function TableOf({ tile, caseId }: Of<TableTile>) {
  const t = useT();
  const label = useLabel();
  const word = (v: Value) => (v.label === null ? t('records.value.none') : typeof v.label === 'string' ? visible(v.label) : label(v.label));
  const most = Math.max(1, ...tile.cells.flat());
  const sum = (cells: readonly number[]) => cells.reduce((a, b) => a + b, 0);
  if (tile.rows.length === 0)
    return (
      <p className="muted">
        <T id="ui.none" />
      </p>
    );
  return (
    <div className="home-scroll" tabIndex={0} role="region" aria-label={label(tile.title)}>
      <table className="dt home-table">
        <caption className="sr">{label(tile.title)}</caption>
        <thead>
          <tr>
            <th scope="col">{tile.row_label ? label(tile.row_label) : t(`records.column.${tile.by_row}`)}</th>
            {tile.columns.map((c) => (
              <th key={c.value} scope="col" className="end">
                <bdi>{word(c)}</bdi>
              </th>
            ))}
            {tile.columns.length > 1 && (
              <th scope="col" className="end">
                <T id="records.home.all" />
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {tile.rows.map((r, i) => (
            <tr key={r.value}>
              <th scope="row">
                <bdi>{word(r)}</bdi>
              </th>
              {tile.columns.map((c, k) => {
                const n = tile.cells[i]![k]!;
                const more = [narrow(tile.by_row, r), narrow(tile.by_column, c)];
                const said = t('records.home.cell', { row: word(r), column: word(c), n });
                return (
                  <td key={c.value} className="end heat" style={{ '--heat': n / most } as React.CSSProperties}>
                    {n === 0 ? (
                      <span className="muted">
                        <Num of={0} />
                      </span>
                    ) : more.includes(null) ? (
                      <Num of={n} />
                    ) : (
                      <Behind part={tile} more={more as Filter[]} caseId={caseId} label={said}>
                        <Num of={n} />
                      </Behind>
                    )}
                  </td>
                );
              })}
              {tile.columns.length > 1 && (
                <td className="end">
                  <Num of={sum(tile.cells[i]!)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// The Office, its teams, their records: each line leads to the home of one case, each number to its list.
export function CasesOf({ tile, of }: Of<CasesTile> & { of: string }) {
  const t = useT();
  const label = useLabel();
  return (
    <div className="home-scroll" tabIndex={0} role="region" aria-label={label(tile.title)}>
      <table className="dt home-table">
        <caption className="sr">{label(tile.title)}</caption>
        <thead>
          <tr>
            <th scope="col">
              <T id="records.column.case" />
            </th>
            {tile.columns.map((c, i) => (
              <th key={i} scope="col" className="end home-wrap">
                {label(c.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tile.rows.map((r) => (
            <tr key={r.case.id}>
              <th scope="row">
                <Link to="/home" search={{ of, case: r.case.id } as never}>
                  <Code>{r.case.code}</Code> <bdi>{visible(r.case.title)}</bdi>
                </Link>
              </th>
              {tile.columns.map((c, i) => {
                const n = r.counts[i] ?? 0;
                return (
                  <td key={i} className="end">
                    {n === 0 ? (
                      <span className="muted">
                        <Num of={0} />
                      </span>
                    ) : (
                      <Behind part={c} caseId={r.case.id} className={c.alarm ? 'danger' : undefined} label={t('records.home.cell', { row: r.case.code, column: label(c.label), n })}>
                        {c.alarm && <span aria-hidden="true">▲ </span>}
                        <Num of={n} />
                      </Behind>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
