import { useQueries } from '@tanstack/react-query';
import { searches } from '../../../api/server';
import type { Hit } from '../../../api/types';
import { rowAt, WINDOW, windowsFor } from './windows';

export type Hits = { at: (index: number) => Hit | undefined; error: unknown; retry: () => void };

// The hits between two rows of a result, as far as they have come.
export function useHits(search: string, total: number, first: number, last: number): Hits {
  const wanted = windowsFor(first, last, total);
  return useQueries({
    queries: wanted.map((w) => ({
      queryKey: ['hits', search, w],
      queryFn: ({ signal }: { signal: AbortSignal }) => searches.hits(search, w * WINDOW, WINDOW, signal),
      staleTime: Infinity,
    })),
    combine: (answers) => {
      const windows = new Map(answers.flatMap((a, i) => (a.data ? [[wanted[i]!, a.data.hits] as const] : [])));
      const failed = answers.filter((a) => a.error);
      return {
        at: (index: number) => rowAt(windows, index),
        error: failed[0]?.error ?? null,
        retry: () => failed.forEach((a) => void a.refetch()),
      };
    },
  });
}
