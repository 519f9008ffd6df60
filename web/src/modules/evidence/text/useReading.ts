import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { items } from '../../../api/server';
import { countHits } from '../../../ui/text';
import { nextHit, previousHit, settle, type Place } from './walk';

// One item being read: which page, which hit, and how to go on.
export function useReading(itemId: string, search: string | undefined, startPage: number) {
  const [place, setPlace] = useState<Place>({ page: startPage, hit: 0 });
  const [moved, setMoved] = useState(false);
  const query = useQuery({
    queryKey: ['text', itemId, search, place.page],
    queryFn: ({ signal }) => items.text(itemId, place.page, search, signal),
    staleTime: 300_000,
  });
  const data = query.data;
  const withHits = data?.hits.toSorted((a, b) => a - b) ?? [];
  const first = withHits[0];
  // Opened on a page without hits though others have some: begin at the first.
  useEffect(() => {
    if (!moved && first !== undefined && !withHits.includes(place.page)) setPlace({ page: first, hit: 0 });
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [moved, first]);
  const count = useMemo(() => (data ? countHits(data.text) : 0), [data]);
  const current = settle(place.hit, count);
  const go = (next: Place | null) => {
    if (!next) return;
    setMoved(true);
    setPlace(next);
  };
  return {
    query,
    page: place.page,
    pages: data?.pages ?? 1,
    count,
    current,
    withHits,
    toPage: (page: number) => go({ page, hit: 0 }),
    toNext: () => go(nextHit(place.page, current ?? -1, count, withHits)),
    toPrevious: () => go(previousHit(place.page, current ?? -1, count, withHits)),
  };
}

export type Reading = ReturnType<typeof useReading>;
