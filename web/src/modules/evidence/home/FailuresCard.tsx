import { Button } from '@patternfly/react-core';
import { Bars } from '../../../ui/Bars';
import { T, useT, useWord } from '../../../ui/i18n';

type Props = { failures: { reason: string; count: number }[]; onOpen: () => void };

// Why things could not be read. The query language knows has:finding, not the reason: the button opens them all.
export function FailuresCard({ failures, onOpen }: Props) {
  const t = useT();
  const word = useWord();
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
    </Bars>
  );
}
