import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { around } from '../../../api/workspace';
import { ProblemAlert } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { Bars } from '../../../ui/Bars';
import { T, useT, useWord } from '../../../ui/i18n';

type Props = { caseId: string; busy: boolean; failures: { reason: string; count: number }[]; onOpen: () => void };

// Why things could not be read, and trying again those of one reason. The query language knows has:finding, not the
// reason: the button opens them all.
export function FailuresCard({ caseId, busy, failures, onOpen }: Props) {
  const t = useT();
  const may = useMay();
  const word = useWord();
  const retry = useMutation({ mutationFn: (reason: string) => around.retry(caseId, reason) });
  return (
    <Bars
      title={t('evidence.failures.title')}
      word={t('evidence.failures.reason')}
      bars={failures.map((f) => ({ key: f.reason, label: word('evidence.reason', f.reason), count: f.count, onOpen }))}
    >
      {failures.length > 0 && (
        <Button variant="link" isInline onClick={onOpen}>
          <T id="evidence.failures.open" />
        </Button>
      )}
      {may('evidence.upload') && failures.length > 0 && (
        <p className="above">
          <T id="evidence.failures.retry" />{' '}
          {failures.map((f) => (
            <Button key={f.reason} variant="link" isInline className="retry" isDisabled={busy || retry.isPending} onClick={() => retry.mutate(f.reason)}>
              {word('evidence.reason', f.reason)}
            </Button>
          ))}
        </p>
      )}
      {retry.isSuccess && (
        <p role="status" className="small">
          <T id="evidence.failures.begun" />
        </p>
      )}
      {retry.error && <ProblemAlert error={retry.error} />}
    </Bars>
  );
}
