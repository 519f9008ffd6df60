import type { Chosen, FacetName } from '../../../api/types';

// The chosen values of all facets, after one was ticked or unticked.
export function toggled(chosen: Chosen, name: FacetName, value: string): Chosen {
  const now = chosen[name] ?? [];
  const next = now.includes(value) ? now.filter((v) => v !== value) : [...now, value];
  const { [name]: _, ...others } = chosen;
  return next.length ? { ...others, [name]: next } : others;
}
