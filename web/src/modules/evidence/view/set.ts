// Pages that were set of a file without pages. Of each of its hits, in order, the page it stands on and the page of the
// text (a sheet, a slide) that was made of.
export type HitPages = readonly (readonly [page: number, part: number])[];

const chosen = (hits: HitPages, part: number, current: number | null) => {
  if (current === null) return -1;
  const mine = hits.flatMap(([, p], i) => (p === part ? [i] : []));
  return mine[Math.min(current, mine.length - 1)] ?? -1;
};

// Where the hit stands that is the `current` one of this page of the text.
export const pageOfHit = (hits: HitPages, part: number, current: number | null): number | null => hits[chosen(hits, part, current)]?.[0] ?? null;

// Which of the hits on this page it is; null when it stands on another.
export function hitOnPage(hits: HitPages, part: number, current: number | null, page: number): number | null {
  const at = chosen(hits, part, current);
  return hits[at]?.[0] === page ? at - hits.findIndex(([p]) => p === page) : null;
}
