// The state of a list of records, and the rows of its query as far as they were looked at. The address holds the opaque
// id of what was asked, which the server tells to the same person alone: a list that is loaded anew, or whose address was
// kept, is as it was, and no term stands in an address. In memory the state stays while one is signed in.
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { kinds, queries, type Row } from '../../../api/records';
import type { Kind, RecordQuery } from '../../../api/kinds';
import { EMPTY, viewOf } from './filter';

export type ListState = RecordQuery & { case: string; view: string };

const WINDOW = 100;
const WHOLE: ListState = { ...EMPTY, case: '', view: '' };

export const listKey = (kind: string) => ['list', kind] as const;

// `lost`: the address asks for what the server no longer keeps, or keeps for somebody else. null: not yet known.
export function useListState(kind: Kind): { state: ListState | null; change: (next: Partial<ListState>) => void; asked: (id: string | undefined) => void; lost: boolean } {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { q?: string };
  const [seen, setSeen] = useState(search.q);
  const [at, setAt] = useState<string>(); // the question that the state stands for
  const [wanted, setWanted] = useState(search.q); // one to be asked back
  const [lost, setLost] = useState(false);
  const [state, setState] = useState<ListState | null>(() => (search.q ? null : (cache.getQueryData<ListState>(listKey(kind.kind)) ?? WHOLE)));
  const question = useQuery({ queryKey: ['question', wanted], queryFn: ({ signal }) => queries.question(wanted!, signal), enabled: wanted !== undefined, staleTime: Infinity, retry: false });
  if (search.q !== seen) {
    setSeen(search.q);
    if (search.q && search.q !== at) setWanted(search.q);
  }
  if (wanted && (question.data || question.error)) {
    const met = question.data?.kind === kind.kind ? question.data : null;
    const { filter, sort, words, name = '' } = met ?? WHOLE;
    setState({ filter, sort: sort.length || name ? sort : EMPTY.sort, words, name, case: met?.case ?? '', view: met ? viewOf(kind, met) : '' });
    setLost(!met);
    setAt(wanted);
    setWanted(undefined);
  }
  const change = (next: Partial<ListState>) => {
    setLost(false);
    setState({ ...(state ?? WHOLE), ...next });
  };
  useEffect(() => {
    if (!state) return;
    cache.setQueryDefaults(['list'], { gcTime: Infinity });
    cache.setQueryData(listKey(kind.kind), state);
  }, [cache, kind.kind, state]);
  const asked = (id: string | undefined) => {
    if (id === search.q || wanted || (lost && id === undefined)) return;
    setAt(id);
    void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((now: object) => ({ ...now, q: id })) as never, replace: true });
  };
  return { state, change, asked, lost };
}

export function useListQuery(kind: Kind, state: ListState | null) {
  const { filter, sort, words, name = '', case: caseId } = state ?? WHOLE;
  return useQuery({
    enabled: state !== null,
    queryKey: ['query', kind.kind, { filter, sort, words, name, caseId }],
    queryFn: ({ signal }) => kinds.query(kind.kind, { filter, sort, words, ...(name ? { name } : {}), ...(caseId ? { case: caseId } : {}) }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

// How many there are without any filter, to say "12 of 4,819".
export function useWhole(kind: Kind, narrowed: boolean): number | undefined {
  const { data } = useQuery({
    queryKey: ['query', kind.kind, 'whole'],
    queryFn: ({ signal }) => kinds.query(kind.kind, EMPTY, signal),
    enabled: narrowed,
    staleTime: 60_000,
    retry: false,
  });
  return narrowed ? data?.total : undefined;
}

export type Rows = { at: (index: number) => Row | null | undefined; names: Record<string, string>; error: unknown; retry: () => void };

// The rows between two places. null: there once, no longer to be seen. undefined: not yet come.
export function useRows(query: string, total: number, first: number, last: number): Rows {
  const from = Math.floor(Math.max(0, first) / WINDOW);
  const to = Math.floor(Math.min(last, total - 1) / WINDOW);
  const wanted = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return useQueries({
    queries: wanted.map((w) => ({
      queryKey: ['rows', query, w],
      queryFn: ({ signal }: { signal: AbortSignal }) => queries.rows(query, w * WINDOW, WINDOW, signal),
      staleTime: Infinity,
    })),
    combine: (answers) => {
      const windows = new Map(answers.flatMap((a, i) => (a.data ? [[wanted[i]!, a.data.rows] as const] : [])));
      const failed = answers.filter((a) => a.error);
      return {
        at: (index: number) => windows.get(Math.floor(index / WINDOW))?.[index % WINDOW],
        names: Object.assign({}, ...answers.map((a) => a.data?.names ?? {})) as Record<string, string>,
        error: failed[0]?.error ?? null,
        retry: () => failed.forEach((a) => void a.refetch()),
      };
    },
  });
}
