import type { Tag } from '../../../api/filing';
import { useLabel } from '../../../ui/label';

// A tag as it is read: an issue code with its label in the language of the person.
export function useTagName(): (tag: Tag | undefined) => string {
  const label = useLabel();
  return (tag) => (!tag ? '' : tag.kind === 'issue' ? `${tag.code} ${label({ en: tag.name, fr: tag.french ?? tag.name })}` : tag.name);
}

// How deep each lies; parents come before what is below them.
export function depths(tags: readonly Tag[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const t of tags) out.set(t.id, t.parent === null ? 0 : (out.get(t.parent) ?? 0) + 1);
  return out;
}

// Itself and all below it.
export function subtree(tags: readonly Tag[], id: string): Set<string> {
  const out = new Set([id]);
  for (const t of tags) if (t.parent !== null && out.has(t.parent)) out.add(t.id);
  return out;
}
