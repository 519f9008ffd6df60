import { FormSelect, FormSelectOption, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useActions } from '../../../app/actions';
import { Loading } from '../../../app/problem';
import type { Chosen, Hit, Sort } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { TimelineView } from '../around/TimelineView';
import { BulkBar } from '../tags/BulkBar';
import type { Search } from '../useOpenSearch';
import { Chips, Facets } from './Facets';
import { Preview } from './Preview';
import { ResultList } from './ResultList';
import { SaveSearch } from './Saved';
import { clampRow } from './windows';

const SORTS: readonly Sort[] = ['relevance', 'date', 'path'];
const STEP = 8;

// Three pictures of one result: as a list, over time, on the map.
const SHAPES = ['list', 'time', 'map'] as const;
const MapView = lazy(() => import('../around/MapView'));

type Props = { caseId: string; search: Search; chosen: Chosen; onSort: (sort: Sort) => void; onFacets: (chosen: Chosen) => void; onNarrow: (query: string) => void };

function toggledIn(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

export function Results({ caseId, search, chosen, onSort, onFacets, onNarrow }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const [shape, setShape] = useState<(typeof SHAPES)[number]>('list');
  const [focus, setFocus] = useState(0);
  // Keys come faster than screens: they act on the row that is focused now, not on the one last drawn.
  const now = useRef(0);
  const hitAt = useRef<(index: number) => Hit | undefined>(() => undefined);
  const [hit, setHit] = useState<Hit | undefined>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  // Another search is another list: nothing of the last one stays ticked unseen.
  const [of, setOf] = useState(search.search);
  if (of !== search.search) {
    setOf(search.search);
    setFocus(0);
    setTicked(new Set());
  }
  useEffect(() => {
    now.current = 0;
  }, [search.search]);
  const list = useRef<HTMLDivElement>(null);
  const region = useRef<HTMLDivElement>(null);
  const tagField = useRef<HTMLElement>(null);
  const tick = useCallback((h: Hit) => setTicked((s) => toggledIn(s, h.item)), []);
  const goTo = useCallback((index: number) => {
    now.current = index;
    setFocus(index);
  }, []);
  const move = (by: number) => () => goTo(clampRow(now.current + by, search.total));
  const withHit = (act: (h: Hit) => void) => () => {
    const h = hitAt.current(now.current);
    if (h) act(h);
  };
  useActions({
    'list.next': move(1),
    'list.previous': move(-1),
    'list.forward': move(STEP),
    'list.backward': move(-STEP),
    'list.first': () => goTo(0),
    'list.last': () => goTo(clampRow(search.total - 1, search.total)),
    'list.tick': withHit(tick),
    'list.read': () => region.current?.focus(),
    'list.open': withHit(
      (h) => void navigate({ to: '/cases/$case/items/$item', params: { case: caseId, item: h.item }, search: { s: search.search } }),
    ),
    'list.tag': () => tagField.current?.focus(),
    back: () => list.current?.focus(),
  });
  return (
    <div className="search">
      <Facets counts={search.facets} chosen={chosen} onChange={onFacets} />
      <section className="pane" aria-label={t('evidence.search.found')}>
        <div className="pane-h">
          <span role="status" className="num">
            <T id="evidence.search.count" values={{ n: search.total, ms: search.took_ms }} />
          </span>
          <span className="grow" />
          <SaveSearch caseId={caseId} search={search.search} key={search.search} />
          <ToggleGroup isCompact aria-label={t('evidence.search.shape')}>
            {SHAPES.map((s) => (
              <ToggleGroupItem key={s} buttonId={`shape-${s}`} text={t(`evidence.shape.${s}`)} isSelected={s === shape} onChange={() => setShape(s)} />
            ))}
          </ToggleGroup>
          <FormSelect className="sort" aria-label={t('evidence.search.sort')} value={search.sort} onChange={(_, v) => onSort(v as Sort)}>
            {SORTS.map((s) => (
              <FormSelectOption key={s} value={s} label={t(`evidence.sort.${s}`)} />
            ))}
          </FormSelect>
        </div>
        <Chips chosen={chosen} onChange={onFacets} />
        {search.total === 0 ? (
          <p className="pad">
            <T id="evidence.search.nothing" />
          </p>
        ) : shape === 'time' ? (
          <TimelineView search={search.search} onDate={(date) => onNarrow(`date:${date}`)} />
        ) : shape === 'map' ? (
          <Suspense fallback={<Loading />}>
            <MapView caseId={caseId} search={search.search} onPlace={(box) => onFacets({ ...chosen, place: [box] })} />
          </Suspense>
        ) : (
          <>
            <BulkBar caseId={caseId} search={search.search} total={search.total} ticked={ticked} onClear={() => setTicked(new Set())} field={tagField} />
            <ResultList search={search.search} total={search.total} focus={focus} ticked={ticked} list={list} hitAt={hitAt} onFocus={goTo} onTick={tick} onHit={setHit} />
          </>
        )}
      </section>
      {hit ? (
        <Preview caseId={caseId} hit={hit} search={search.search} region={region} />
      ) : (
        <section className="pane preview" aria-label={t('evidence.search.preview')} />
      )}
    </div>
  );
}
