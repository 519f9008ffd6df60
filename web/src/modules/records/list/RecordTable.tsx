import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import type { Field, Kind } from '../../../api/kinds';
import type { Likeness, Row } from '../../../api/records';
import { listActionFor, runAction } from '../../../app/actions';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { RECORDS_ACTIONS } from '../actions';
import { useStateName } from '../data';
import { isFilled } from '../declare/condition';
import { useValueText, type Names } from '../values/text';
import { isSortable, listColumns, sortOf } from './filter';
import { useRows } from './useList';

const ROW = 30;
const WIDTHS: Partial<Record<Field['type'], string>> = { date: '8.5rem', time: '10rem', yes_no: '4.5rem', graded: '4rem', integer: '6rem', number: '6rem', money: '8rem', coded: 'minmax(7rem, 1fr)', staff: 'minmax(7rem, 1fr)' };

type Column = { name: string; label: string; width: string; sortable: boolean; late: boolean; field?: Field; end: boolean };

function useColumns(kind: Kind, byName: boolean): Column[] {
  const t = useT();
  const label = useLabel();
  const own = listColumns(kind).map((field) => ({
    name: field.name,
    label: label(field),
    field,
    width: field.name === kind.name ? 'minmax(13rem, 3fr)' : (WIDTHS[field.type] ?? 'minmax(8rem, 1.5fr)'),
    sortable: isSortable(field),
    late: field.type === 'date' || field.type === 'time',
    end: field.type === 'integer' || field.type === 'number' || field.type === 'money',
  }));
  const fixed = (name: string, width: string, sortable: boolean, late = false): Column => ({ name, label: t(`records.column.${name}`), width, sortable, late, end: false });
  return [
    fixed('code', '6.75rem', true),
    ...(byName ? [fixed('likeness', 'minmax(18rem, 4fr)', false)] : []),
    ...own,
    ...(kind.workflow ? [fixed('state', '6.5rem', true)] : []),
    ...(kind.cases.length > 1 ? [fixed('case', '4rem', false)] : []),
    fixed('changed', '8.75rem', true, true),
  ];
}

// Word by word why two names are alike.
function useWhy() {
  const t = useT();
  const alone = (word: string) => `\u2068${word}\u2069`;
  const one = ({ asked, met, how }: Likeness['parts'][number]) =>
    how === 'only_asked' || how === 'only_met' ? t(`records.likeness.${how}`, { word: alone(asked || met) }) : t(`records.likeness.${how}`, { asked: alone(asked), met: alone(met) });
  return (of: Likeness) => of.parts.map(one).join('; ');
}

// How alike, and to which spelling. What does not fit in the line stands above the list for the row in focus.
function LikenessText({ of }: { of: Likeness }) {
  const why = useWhy();
  return (
    <span>
      <b className="num">{Math.round(of.score * 100)}</b> <bdi>{visible(of.name)}</bdi> · <span className="muted">{why(of)}</span>
    </span>
  );
}

function Cell({ kind, column, row, names }: { kind: Kind; column: Column; row: Row; names: Names }) {
  const text = useValueText(kind, names);
  const stateName = useStateName(kind);
  if (column.name === 'code') return <Code>{row.code}</Code>;
  if (column.name === 'likeness' && !column.field) return row.likeness ? <LikenessText of={row.likeness} /> : null;
  if (column.name === 'state' && !column.field) return stateName(row.state);
  if (column.name === 'changed' && !column.field) return <bdi dir="ltr">{row.changed.slice(0, 16).replace('T', ' ')}</bdi>;
  if (column.name === 'case' && !column.field) return <Code>{row.case?.code}</Code>;
  const value = row.values[column.name];
  if (column.name === kind.name) {
    return (
      <Link to="/record/$code" params={{ code: row.code }} search={{}} tabIndex={-1}>
        <bdi>{visible(row.title)}</bdi>
      </Link>
    );
  }
  if (column.field?.type === 'graded' && isFilled(value)) {
    const { source, information } = value as { source?: string; information?: string };
    return <abbr title={text(column.field, value)}>{`${source ?? '?'}${information ?? '?'}`}</abbr>;
  }
  return <bdi>{column.field ? visible(text(column.field, value)) : ''}</bdi>;
}

type Props = {
  kind: Kind;
  query: string;
  total: number;
  narrowed: boolean;
  byName: boolean;
  sort: readonly string[];
  focus: number;
  list: RefObject<HTMLDivElement | null>;
  rowAt: RefObject<(index: number) => Row | null | undefined>;
  onSort: (name: string, late: boolean) => void;
  onFocus: (index: number) => void;
  onOpen: (row: Row) => void;
};

// All rows as one grid of which only those in sight exist.
export function RecordTable({ kind, query, total, narrowed, byName, sort, focus, list, rowAt, onSort, onFocus, onOpen }: Props) {
  const t = useT();
  const label = useLabel();
  const columns = useColumns(kind, byName);
  const why = useWhy();
  const virtual = useVirtualizer({ count: total, getScrollElement: () => list.current, estimateSize: () => ROW, overscan: 3, paddingStart: ROW, scrollPaddingStart: ROW });
  const shown = virtual.getVirtualItems();
  const rows = useRows(query, total, shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0);
  useLayoutEffect(() => {
    rowAt.current = rows.at;
  });
  const moved = useRef(focus);
  useEffect(() => {
    if (moved.current !== focus) virtual.scrollToIndex(focus, { align: 'auto' });
    moved.current = focus;
  }, [focus, virtual]);
  const least = columns.reduce((sum, c) => sum + Number(/[\d.]+/.exec(c.width)?.[0] ?? 8) + 0.5, 1.5);
  const template = { gridTemplateColumns: columns.map((c) => c.width).join(' ') };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target !== e.currentTarget) return;
    const action = listActionFor(RECORDS_ACTIONS, e.key);
    if (action && runAction(action)) e.preventDefault();
  };
  const likeness = rows.at(focus)?.likeness;
  const indexOf = (e: MouseEvent) => Number((e.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row ?? -1);
  return (
    <>
      {rows.error !== null && <ProblemAlert error={rows.error} onRetry={rows.retry} />}
      {byName && (
        <p className="rt-why">
          {likeness && (
            <>
              <bdi>{visible(likeness.name)}</bdi> · <span className="muted">{why(likeness)}</span>
            </>
          )}
        </p>
      )}
      <div
        ref={list}
        className="scroll rt"
        role="grid"
        tabIndex={0}
        aria-label={label(kind.plural)}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        aria-activedescendant={shown.some((r) => r.index === focus) ? `row-${focus}` : undefined}
        onKeyDown={onKeyDown}
        onClick={(e) => indexOf(e) >= 0 && onFocus(indexOf(e))}
        onDoubleClick={(e) => {
          const row = rows.at(indexOf(e));
          if (row) onOpen(row);
        }}
      >
        <div className="rt-all" style={{ blockSize: virtual.getTotalSize(), minInlineSize: `${least}rem` }} role="presentation">
          <div role="rowgroup" className="rt-head">
            <div role="row" aria-rowindex={1} className="rt-row" style={template}>
              {columns.map((c) => (
                <div key={c.name} role="columnheader" aria-sort={c.sortable ? sortOf(sort, c.name) : undefined} className={c.end ? 'end' : undefined}>
                  {c.sortable ? (
                    <button type="button" className="rt-sort" onClick={() => onSort(c.name, c.late)}>
                      {c.label}
                      <span aria-hidden="true">{{ ascending: ' ↑', descending: ' ↓', none: '' }[sortOf(sort, c.name)]}</span>
                    </button>
                  ) : (
                    c.label
                  )}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup">
            {shown.map((r) => {
              const row = rows.at(r.index);
              return (
                <div
                  key={r.key}
                  id={`row-${r.index}`}
                  data-row={r.index}
                  role="row"
                  aria-rowindex={r.index + 2}
                  aria-selected={r.index === focus}
                  className={`rt-row rt-data${r.index === focus ? ' focus' : ''}`}
                  style={{ ...template, transform: `translateY(${r.start}px)`, blockSize: ROW }}
                >
                  {row ? (
                    columns.map((c) => (
                      <div key={c.name} role="gridcell" className={c.end ? 'end num' : 'num'}>
                        <Cell kind={kind} column={c} row={row} names={rows.names} />
                      </div>
                    ))
                  ) : (
                    <div role="gridcell" aria-colspan={columns.length} className="muted rt-gone">
                      <T id={row === null ? 'records.row.gone' : 'ui.loading'} />
                    </div>
                  )}
                </div>
              );
            })}
          </div>
        </div>
        {total === 0 && <p className="pad">{t(narrowed ? 'records.list.nothing' : 'records.list.none')}</p>}
      </div>
    </>
  );
}
