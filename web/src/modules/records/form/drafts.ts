// What is typed and not yet saved. It lives in memory only: leaving a page keeps it, signing out and closing the window
// end it, and closing is warned of.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { Values } from '../declare/condition';

export type Draft = { values: Record<string, unknown>; etag: string; base: Values; case?: string | undefined; class?: string | undefined };

const KEY = 'draft';
const key = (of: string) => [KEY, of] as const;

export const draftOfNew = (kind: string) => `new:${kind}`;

export function useDraft(of: string): { draft: Draft | null; keep: (draft: Draft) => void; drop: () => void } {
  const cache = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(() => cache.getQueryData<Draft | null>(key(of)) ?? null);
  const put = useCallback(
    (next: Draft | null) => {
      setDraft(next);
      cache.setQueryDefaults([KEY], { gcTime: Infinity });
      cache.setQueryData(key(of), next);
    },
    [cache, of],
  );
  const drop = useCallback(() => put(null), [put]);
  return { draft, keep: put, drop };
}

// Whether anything is unsaved anywhere.
function useAnyDraft(): boolean {
  const cache = useQueryClient();
  const any = useCallback(() => cache.getQueryCache().findAll({ queryKey: [KEY] }).some((q) => q.state.data !== null && q.state.data !== undefined), [cache]);
  return useSyncExternalStore(
    useCallback((tell) => cache.getQueryCache().subscribe(tell), [cache]),
    any,
  );
}

export function useWarnOnClose() {
  const any = useAnyDraft();
  useEffect(() => {
    if (!any) return undefined;
    const warn = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [any]);
}
