// The same links from another side: by who says so, and by the item that shows it.
import type { CountRow, ElementRow, Matrix, Proposition, ProofLink } from '../../api/proof';

export type Place = { count: CountRow; element: ElementRow; proposition: Proposition; link: ProofLink };

export const placesOf = (matrix: Matrix): Place[] =>
  matrix.counts.flatMap((count) => count.elements.flatMap((element) => element.propositions.flatMap((proposition) => proposition.links.map((link) => ({ count, element, proposition, link })))));

// Most first; what has no key comes last, under ''.
export function grouped(places: readonly Place[], keys: (p: Place) => readonly string[]): [string, Place[]][] {
  const groups = new Map<string, Place[]>();
  for (const p of places) {
    const all = keys(p);
    for (const k of all.length ? all : ['']) groups.set(k, [...(groups.get(k) ?? []), p]);
  }
  return [...groups].toSorted(([a, x], [b, y]) => Number(a === '') - Number(b === '') || y.length - x.length || a.localeCompare(b));
}
