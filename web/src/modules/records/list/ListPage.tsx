import { Alert, Button, TextInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { isProblem } from '../../../api/client';
import type { Row } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { useActions } from '../../../app/actions';
import { Loaded, Loading, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { draftOfNew, useDraft } from '../form/drafts';
import { useKind } from '../data';
import { Export } from './Export';
import { EMPTY, hasNames, sortedBy } from './filter';
import { Filters } from './Filters';
import { RecordTable } from './RecordTable';
import { useListQuery, useListState, useWhole } from './useList';
import { Views } from './Views';
import './list.css';

const MapTab = lazy(() => import('./MapTab'));
const TimeTab = lazy(() => import('./TimeTab'));
const CountsTab = lazy(() => import('./CountsTab'));
const BoardTab = lazy(() => import('../displays/BoardTab'));
const CalendarTab = lazy(() => import('../displays/CalendarTab'));
const HeatTab = lazy(() => import('../displays/HeatTab'));
const GanttTab = lazy(() => import('../displays/GanttTab'));

const STEP = 20;
const NOTHING = { ...EMPTY, case: '', view: '' };
const clamp = (n: number, total: number) => Math.max(0, Math.min(total - 1, n));

function tabsOf(kind: Kind) {
  const has = (type: string) => kind.fields.some((f) => f.type === type && !f.guard && !f.retired);
  const declared = (kind.displays ?? []).filter((d) => d.show !== 'gantt' || !d.tasks).map((d) => d.show); // tasks are shown with their record
  return ['list', ...new Set(declared), ...(has('place') ? ['map'] : []), ...(has('date') ? ['time'] : []), 'counts'] as const;
}

function Words({ words, onWords, box, label }: { words: string; onWords: (words: string) => void; box?: React.RefObject<HTMLInputElement | null>; label: string }) {
  const [text, setText] = useState(words);
  const [given, setGiven] = useState(words);
  if (given !== words) {
    setGiven(words);
    setText(words);
  }
  return (
    <form
      role="search"
      className="words"
      onSubmit={(e) => {
        e.preventDefault();
        onWords(text.trim());
      }}
    >
      <TextInput ref={box} type="search" value={text} onChange={(_, v) => setText(v)} aria-label={label} placeholder={label} autoComplete="off" dir="auto" />
    </form>
  );
}

function List({ kind }: { kind: Kind }) {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const { tab = 'list' } = useSearch({ strict: false }) as { tab?: string };
  const { state: known, change: setState, asked, lost } = useListState(kind);
  const state = known ?? NOTHING;
  const answer = useListQuery(kind, known);
  useEffect(() => {
    if (known && answer.data && !answer.isPlaceholderData) asked(answer.data.asked);
  });
  const { draft } = useDraft(draftOfNew(kind.kind));
  const list = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const rowAt = useRef<(index: number) => Row | null | undefined>(() => undefined);
  const [focus, setFocus] = useState(0);
  const now = useRef(0);
  const total = answer.data?.total ?? 0;
  const name = state.name ?? '';
  const narrowed = state.filter.length > 0 || state.words !== '' || name !== '';
  const whole = useWhole(kind, narrowed);
  const goTo = (index: number) => {
    now.current = clamp(index, total);
    setFocus(now.current);
  };
  const change = (next: Partial<typeof state>) => {
    now.current = 0;
    setFocus(0);
    setState({ view: '', ...next });
  };
  const open = (row: Row) => void navigate({ to: '/record/$code', params: { code: row.code }, search: {} });
  const mayAdd = kind.may.includes('add');
  const add = () => void navigate({ to: '/records/$kind/new', params: { kind: kind.kind } });
  const move = (by: number) => () => goTo(now.current + by);
  const inList = tab === 'list';
  const shown = kind.displays?.find((d) => d.show === tab && !(d.show === 'gantt' && d.tasks));
  useActions({
    ...(inList && {
      'records.next': move(1),
      'records.previous': move(-1),
      'records.forward': move(STEP),
      'records.backward': move(-STEP),
      'records.first': () => goTo(0),
      'records.last': () => goTo(total - 1),
      'records.open': () => {
        const row = rowAt.current(now.current);
        if (row) open(row);
      },
    }),
    'records.box': () => box.current?.focus(),
    'records.new': mayAdd ? add : undefined,
    'records.back': () => list.current?.focus(),
  });
  const refused = isProblem(answer.error, 422) ? answer.error : null;
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>{label(kind.plural)}</h1>
        <span role="status" className="num muted">
          {answer.data && <T id={whole === undefined ? 'records.list.count' : 'records.list.countOf'} values={{ n: total, all: whole ?? total }} />}
        </span>
        <ToggleGroup aria-label={t('records.list.shown')} isCompact>
          {tabsOf(kind).map((x) => (
            <ToggleGroupItem key={x} text={t(`records.tab.${x}`)} buttonId={`tab-${x}`} isSelected={tab === x} onChange={() => void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((now: object) => ({ ...now, by: undefined, tab: x === 'list' ? undefined : x })) as never })} />
          ))}
        </ToggleGroup>
        <span className="grow" />
        {answer.data && <Export query={answer.data.query} />}
        {kind.kind === 'incident' && (
          <Link to="/patterns">
            <T id="records.patterns.title" />
          </Link>
        )}
        {kind.kind === 'suspect_case' && (
          <Link to="/warrants/public">
            <T id="records.list.public" />
          </Link>
        )}
        {kind.kind === 'priority' && (
          <Link to="/priorities">
            <T id="records.list.ranking" />
          </Link>
        )}
        {mayAdd && (
          <>
            <Link to="/records/$kind/import" params={{ kind: kind.kind }}>
              <T id="records.load.title" />
            </Link>
            <Button size="sm" onClick={add}>
              <T id={draft ? 'records.form.goOn' : 'records.form.newShort'} />
            </Button>
          </>
        )}
      </div>
      <div className="pane-h list-tools">
        <Words words={state.words} onWords={(words) => change({ words })} box={box} label={t('records.list.words')} />
        {hasNames(kind) && <Words words={name} onWords={(next) => change({ name: next, sort: next ? [] : EMPTY.sort })} label={t('records.list.name')} />}
        <Views kind={kind} view={state.view} query={state} onView={(view, query) => change({ view, filter: query.filter, sort: query.sort, words: query.words, name: query.name ?? '' })} />
        <Filters kind={kind} filter={state.filter} onChange={(filter) => change({ filter })} />
      </div>
      {lost && <Alert isInline isPlain variant="info" className="pad" title={t('records.list.lost')} />}
      {answer.error && (refused ? <ProblemAlert error={refused} /> : <ProblemAlert error={answer.error} onRetry={() => void answer.refetch()} />)}
      {!answer.data && answer.isPending && <Loading />}
      {answer.data && inList && (
        <RecordTable kind={kind} query={answer.data.query} total={total} narrowed={narrowed} byName={name !== ''} sort={state.sort} focus={focus} list={list} rowAt={rowAt} onSort={(name, late) => change({ sort: sortedBy(state.sort, name, late) })} onFocus={goTo} onOpen={open} />
      )}
      {answer.data && !inList && (
        <Suspense fallback={<Loading />}>
          {tab === 'map' && <MapTab kind={kind} query={answer.data.query} />}
          {tab === 'time' && <TimeTab kind={kind} query={answer.data.query} />}
          {shown?.show === 'board' && <BoardTab kind={kind} query={answer.data.query} />}
          {shown?.show === 'calendar' && <CalendarTab kind={kind} query={answer.data.query} field={shown.field} />}
          {shown?.show === 'gantt' && <GanttTab kind={kind} query={answer.data.query} shown={shown} />}
          {shown?.show === 'heat' && (
            <HeatTab
              kind={kind}
              query={answer.data.query}
              field={shown.field}
              onNarrow={(filters) => {
                change({ filter: [...state.filter.filter((f) => f.field !== shown.field), ...filters] });
                void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((now: object) => ({ ...now, tab: undefined })) as never });
              }}
            />
          )}
          {tab === 'counts' && (
            <CountsTab
              kind={kind}
              query={answer.data.query}
              onNarrow={(filter) => {
                change({ filter: [...state.filter.filter((f) => f.field !== filter.field), filter] });
                void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((now: object) => ({ ...now, tab: undefined, by: undefined })) as never });
              }}
            />
          )}
        </Suspense>
      )}
    </div>
  );
}

export default function ListPage() {
  const { kind } = useParams({ strict: false }) as { kind: string };
  return <Loaded query={useKind(kind)}>{(k) => <List key={kind} kind={k} />}</Loaded>;
}
