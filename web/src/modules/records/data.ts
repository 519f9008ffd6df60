// The questions to the server that several screens ask, under one key each.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { inbox, kinds, records, vocabularies } from '../../api/records';
import type { Kind } from '../../api/kinds';
import { useLabel } from '../../ui/label';

export const kindKey = (kind: string) => ['kind', kind] as const;
export const recordKey = (code: string) => ['record', code] as const;
export const INBOX = ['inbox'] as const;
export const VOCABULARIES = ['vocabularies'] as const;

export const useKinds = () => useQuery({ queryKey: ['kinds'], queryFn: ({ signal }) => kinds.all(signal), staleTime: 300_000 });

export const useKind = (kind: string | undefined) =>
  useQuery({ queryKey: kindKey(kind ?? ''), queryFn: ({ signal }) => kinds.one(kind!, signal), enabled: kind !== undefined, staleTime: 300_000 });

export const useRecord = (code: string, asOf?: string) =>
  useQuery({ queryKey: [...recordKey(code), 'as', asOf ?? ''], queryFn: ({ signal }) => records.one(code, asOf, signal), staleTime: 10_000 });

export const useInbox = () => useQuery({ queryKey: INBOX, queryFn: ({ signal }) => inbox.all(signal), staleTime: 60_000 });

export const useVocabulary = (name: string) =>
  useQuery({ queryKey: [...VOCABULARIES, name], queryFn: ({ signal }) => vocabularies.one(name, signal), staleTime: 300_000 });

// The name of a kind in the language of the interface.
export function useKindName(): (kind: string) => string {
  const label = useLabel();
  const all = useKinds().data?.kinds;
  return useCallback((kind) => label(all?.find((k) => k.kind === kind)?.label) || kind, [all, label]);
}

export function useStateName(kind: Kind | undefined): (state: string | null) => string {
  const label = useLabel();
  return useCallback((state) => label(kind?.workflow?.states.find((s) => s.name === state)) || (state ?? ''), [kind, label]);
}
