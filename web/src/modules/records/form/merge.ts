// Three versions of a value: as it was opened, mine, and what somebody else saved meanwhile.

export type Side = 'mine' | 'theirs';

const spelled = (v: unknown): unknown => {
  if (v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0)) return null;
  if (Array.isArray(v)) return v.map(spelled);
  if (typeof v !== 'object') return v;
  return Object.entries(v)
    .map(([k, x]) => [k, spelled(x)] as const)
    .filter(([, x]) => x !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
};

export const equal = (a: unknown, b: unknown) => JSON.stringify(spelled(a)) === JSON.stringify(spelled(b));

// What only the other changed is theirs; all else, and what both changed, begins as mine.
export const mergeable = (base: unknown, mine: unknown, theirs: unknown): Side => (equal(base, mine) && !equal(base, theirs) ? 'theirs' : 'mine');
