import { Alert, Button } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Problem } from '../../api/client';
import { approvals, type Second } from '../../api/rights';
import { T, useT } from '../../ui/i18n';
import { ProblemAlert } from '../problem';

// What nobody does alone: the same act, with the same reason, is put to those who may approve it.
export function AskSecond({ problem, reason }: { problem: Problem; reason: string }) {
  const t = useT();
  const cache = useQueryClient();
  const { act, kind, object, what } = problem.body as Second;
  const ask = useMutation({
    mutationFn: () => approvals.ask({ act, kind, object, what, reason }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['approvals'] }),
  });
  if (ask.error) return <ProblemAlert error={ask.error} />;
  return (
    <Alert
      variant={ask.isSuccess ? 'success' : 'info'}
      isInline
      isLiveRegion
      className="below"
      title={t(ask.isSuccess ? 'app.second.asked' : 'app.second.needed')}
      actionLinks={
        !ask.isSuccess && (
          <Button variant="link" isInline isDisabled={ask.isPending} onClick={() => ask.mutate()}>
            <T id="app.second.ask" />
          </Button>
        )
      }
    >
      <T id={ask.isSuccess ? 'app.second.askedBody' : 'app.second.neededBody'} />
    </Alert>
  );
}
