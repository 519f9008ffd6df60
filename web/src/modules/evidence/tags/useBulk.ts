import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { cases, jobs } from '../../../api/server';
import type { Tag } from '../../../api/types';
import { isGoing, useJob } from '../../../app/jobs';

export type BulkRequest = { scope: { search: string } | { items: string[] }; name: string; on: boolean };
type Running = { job: string; name: string; on: boolean; undo: boolean };

const same = (a: string, b: string) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0;

// Tags many items at once as a job of the server: with progress, and undone by a job as well.
export function useBulk(caseId: string, tags: readonly Tag[]) {
  const cache = useQueryClient();
  const [running, setRunning] = useState<Running | null>(null);
  const job = useJob(running?.job ?? null);
  const start = useMutation({
    mutationFn: async ({ scope, name, on }: BulkRequest): Promise<Running> => {
      const known = tags.find((x) => same(x.name, name));
      const tag = known?.id ?? (await cases.addTag(caseId, name)).id;
      const begun = await cases.bulk(caseId, { ...scope, tag, on });
      return { job: begun.job, name: known?.name ?? name, on, undo: false };
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
    if (ended) void cache.invalidateQueries({ queryKey: ['tags', caseId] });
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
