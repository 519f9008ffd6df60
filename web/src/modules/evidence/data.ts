import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { filing, type TagKind } from '../../api/filing';
import { cases, items } from '../../api/server';

export const useCaseId = () => (useParams({ strict: false }) as { case: string }).case;
export const useItemId = () => (useParams({ strict: false }) as { item: string }).item;

export const caseKey = (id: string) => ['case', id] as const;

export const useCase = (id: string) =>
  useQuery({ queryKey: caseKey(id), queryFn: ({ signal }) => cases.one(id, signal), staleTime: 60_000 });

export const useCaseList = () => useQuery({ queryKey: ['cases'], queryFn: ({ signal }) => cases.all(signal) });

export const useItem = (id: string | undefined) =>
  useQuery({ queryKey: ['item', id], queryFn: ({ signal }) => items.one(id!, signal), enabled: id !== undefined, staleTime: 300_000 });

export const useCustody = (id: string | undefined) =>
  useQuery({ queryKey: ['custody', id], queryFn: ({ signal }) => items.custody(id!, signal), enabled: id !== undefined, staleTime: 10_000 });

export const useTags = (caseId: string, kind: TagKind = 'tag') =>
  useQuery({ queryKey: ['tags', caseId, kind], queryFn: ({ signal }) => filing.all(caseId, kind, signal), staleTime: 30_000 });
