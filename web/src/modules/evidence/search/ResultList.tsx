import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { listActionFor, runAction } from '../../../app/actions';
import { ProblemAlert } from '../../../app/problem';
import type { Hit } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { EVIDENCE_ACTIONS } from '../actions';
import { ResultRow } from './ResultRow';
import { useHits } from './useHits';

const ROW = 82;

type Props = {
  search: string;
  total: number;
  focus: number; // the row that is looked at
  ticked: ReadonlySet<string>; // the items that are chosen: never the same thing
  list: RefObject<HTMLDivElement | null>;
  hitAt: RefObject<(index: number) => Hit | undefined>; // given to the keys
  onFocus: (index: number) => void;
  onTick: (hit: Hit) => void;
  onHit: (hit: Hit | undefined) => void;
};

// The whole result as one list of which only the rows in sight exist.
export function ResultList({ search, total, focus, ticked, list, hitAt, onFocus, onTick, onHit }: Props) {
  const t = useT();
  const virtual = useVirtualizer({ count: total, getScrollElement: () => list.current, estimateSize: () => ROW, overscan: 4 });
  const rows = virtual.getVirtualItems();
  const hits = useHits(search, total, Math.min(focus, rows[0]?.index ?? 0), Math.max(focus, rows.at(-1)?.index ?? 0));
  const focused = hits.at(focus);
  useLayoutEffect(() => {
    hitAt.current = hits.at;
  });
  useEffect(() => onHit(focused), [focused, onHit]);
  useEffect(() => virtual.scrollToIndex(focus, { align: 'auto' }), [focus, virtual]);

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const action = listActionFor(EVIDENCE_ACTIONS, e.key);
    if (action && runAction(action)) e.preventDefault();
  };
  const onClick = (e: MouseEvent) => {
    const target = e.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-row]');
    if (!row) return;
    const index = Number(row.dataset.row);
    const hit = hits.at(index);
    if (target.closest('[data-box]') && hit) onTick(hit);
    else onFocus(index);
  };
  return (
    <>
      {hits.error !== null && <ProblemAlert error={hits.error} onRetry={hits.retry} />}
      <div
        ref={list}
        className="scroll list"
        role="listbox"
        tabIndex={0}
        aria-multiselectable="true"
        aria-label={t('evidence.search.results')}
        aria-activedescendant={rows.some((r) => r.index === focus) ? `hit-${focus}` : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div role="presentation" className="list-all" style={{ blockSize: virtual.getTotalSize() }}>
          {rows.map((r) => {
            const hit = hits.at(r.index);
            return (
              <div
                key={r.key}
                id={`hit-${r.index}`}
                data-row={r.index}
                role="option"
                aria-selected={hit !== undefined && ticked.has(hit.item)}
                aria-setsize={total}
                aria-posinset={r.index + 1}
                className={r.index === focus ? 'hit focus' : 'hit'}
                style={{ transform: `translateY(${r.start}px)`, blockSize: ROW }}
              >
                {hit ? (
                  <ResultRow hit={hit} ticked={ticked.has(hit.item)} />
                ) : (
                  <span className="muted">
                    <T id="ui.loading" />
                  </span>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
