// Walking from hit to hit through the pages of an item.

export type Place = { page: number; hit: number | 'last' };

// Where the next hit is, from hit number "current" of "count" on this page; pagesWithHits are sorted.
export function nextHit(page: number, current: number, count: number, pagesWithHits: readonly number[]): Place | null {
  if (current + 1 < count) return { page, hit: current + 1 };
  const next = pagesWithHits.find((p) => p > page) ?? pagesWithHits[0];
  return next === undefined ? null : { page: next, hit: 0 };
}

export function previousHit(page: number, current: number, count: number, pagesWithHits: readonly number[]): Place | null {
  if (count > 0 && current > 0) return { page, hit: current - 1 };
  const before = pagesWithHits.findLast((p) => p < page) ?? pagesWithHits.at(-1);
  return before === undefined ? null : { page: before, hit: 'last' };
}

// Which hit of a page is current, once it is known how many there are.
export function settle(hit: Place['hit'], count: number): number | null {
  if (count === 0) return null;
  return hit === 'last' ? count - 1 : Math.min(hit, count - 1);
}
