import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { filing, type Scope } from '../../../api/filing';
import { jobs } from '../../../api/server';
import { isGoing, useJob } from '../../../app/jobs';

// What is put on: a tag by name, which is made when it is new; an issue code or a folder by id.
export type Put = { id?: string | undefined; name: string };
export type BulkRequest = { scope: Scope; put: Put; on: boolean };
type Running = { job: string; name: string; on: boolean; undo: boolean };

// Tags many items at once as a job of the server: with progress, and undone by a job as well.
export function useBulk(caseId: string) {
  const cache = useQueryClient();
  const [running, setRunning] = useState<Running | null>(null);
  const job = useJob(running?.job ?? null);
  const start = useMutation({
    mutationFn: async ({ scope, put, on }: BulkRequest): Promise<Running> => {
      const tag = put.id ?? (await filing.add(caseId, { kind: 'tag', name: put.name })).id;
      const begun = await filing.bulk(caseId, { ...scope, tag, on });
      return { job: begun.job, name: put.name, on, undo: false };
    },
    onSuccess: setRunning,
  });
  const undo = useMutation({
    mutationFn: async (was: Running): Promise<Running> => {
      const begun = await jobs.undo(was.job);
      cache.removeQueries({ queryKey: ['job', was.job] });
      return { ...was, job: begun?.job ?? was.job, undo: true };
    },
    onSuccess: setRunning,
  });
  const ended = running !== null && job.data !== undefined && !isGoing(job.data);
  useEffect(() => {
    if (!ended) return;
    for (const queryKey of [['tags', caseId], ['filed', caseId], ['item'], ['custody']]) void cache.invalidateQueries({ queryKey });
  }, [ended, cache, caseId]);
  return {
    start: start.mutate,
    undo: () => running && undo.mutate(running),
    forget: () => setRunning(null),
    running,
    job: running ? job.data : undefined,
    ended,
    busy: start.isPending || undo.isPending || (running !== null && !ended && !job.error),
    error: start.error ?? undo.error ?? job.error,
  };
}

export type Bulk = ReturnType<typeof useBulk>;
