// Work that goes on in the server after the answer: asked for until it has ended.
import { useQuery } from '@tanstack/react-query';
import { jobs } from '../api/server';
import type { Job } from '../api/types';

const GOING = new Set(['queued', 'waiting', 'pending', 'running', 'undoing']);

export const isGoing = (job: Job | undefined) => !job || GOING.has(job.state);

export function useJob(id: string | null) {
  return useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => jobs.one(id!, signal),
    enabled: id !== null,
    staleTime: 0,
    refetchInterval: (q) => (q.state.error || (q.state.data && !isGoing(q.state.data)) ? false : 400),
  });
}
