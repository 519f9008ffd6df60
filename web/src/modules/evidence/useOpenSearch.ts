import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { searches } from '../../api/server';
import type { SearchNamed, SearchRequest } from '../../api/types';

export type Search = SearchNamed;
export const searchKey = (id: string | undefined) => ['search', id] as const;

// Runs a search and goes to its page. The address holds the id that the server gave, never the words.
export function useRunSearch(caseId: string) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (request: SearchRequest) => searches.run(caseId, request),
    onSuccess: (answer, request) => {
      cache.setQueryData<Search>(searchKey(answer.search), {
        ...answer,
        query: request.query,
        sort: request.sort,
        chosen: request.facets,
      });
      void navigate({ to: '/cases/$case/search', params: { case: caseId }, search: { s: answer.search } });
    },
  });
}

export function useOpenSearch(caseId: string): (request: SearchRequest) => void {
  return useRunSearch(caseId).mutate;
}
