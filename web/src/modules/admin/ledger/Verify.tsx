import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { ledger } from '../../../api/server';
import { isGoing, useJob } from '../../../app/jobs';
import { useProblemText } from '../../../app/problem';
import { T } from '../../../ui/i18n';

// Recomputes the ledger from its bytes, in the server; says how far it is and how it ended.
export function Verify() {
  const text = useProblemText();
  const start = useMutation({ mutationFn: () => ledger.verify() });
  const job = useJob(start.data?.job ?? null);
  const going = start.isPending || (start.data !== undefined && !job.error && isGoing(job.data));
  const ended = job.data !== undefined && !isGoing(job.data) ? job.data : null;
  const error = start.error ?? job.error;
  return (
    <>
      <span role="status" className={error || ended?.state === 'failed' ? 'danger num' : 'num'}>
        {error && text(error)}
        {going && job.data && <T id="admin.verify.going" values={{ done: job.data.done, expected: job.data.expected }} />}
        {ended && ended.state !== 'failed' && <T id="admin.verify.good" values={{ n: ended.expected }} />}
        {ended?.state === 'failed' && <T id="admin.verify.bad" values={{ detail: <bdi key="d">{ended.detail ?? ''}</bdi> }} />}
      </span>
      <Button size="sm" isLoading={going} isDisabled={going} onClick={() => start.mutate()}>
        <T id="admin.verify.start" />
      </Button>
    </>
  );
}
