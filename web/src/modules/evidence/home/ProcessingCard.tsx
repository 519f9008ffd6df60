import { Progress } from '@patternfly/react-core';
import type { Processing } from '../../../api/types';
import { Facts } from '../../../ui/Facts';
import { T, useT } from '../../../ui/i18n';
import { Bytes, Duration, Num } from '../../../ui/Words';

export function ProcessingCard({ processing }: { processing: Processing }) {
  const t = useT();
  const { done, expected, failed, items_per_second, bytes_per_second, seconds_left } = processing;
  return (
    <section className="card wide" aria-label={t('evidence.processing.title')}>
      <h2>
        <T id="evidence.processing.title" />
      </h2>
      <Progress
        value={expected > 0 ? Math.floor((done / expected) * 100) : 0}
        aria-label={t('evidence.processing.title')}
        size="sm"
      />
      <div className="above">
        <Facts
          rows={[
            [<T key="l" id="evidence.processing.done" />, <T key="v" id="evidence.processing.of" values={{ done, expected }} />],
            [
              <T key="l" id="evidence.processing.speed" />,
              <T
                key="v"
                id="evidence.processing.rate"
                values={{ items: <Num key="i" of={Math.round(items_per_second)} />, bytes: <Bytes key="b" of={bytes_per_second} /> }}
              />,
            ],
            seconds_left !== null && [<T key="l" id="evidence.processing.left" />, <Duration key="v" seconds={seconds_left} />],
            [<T key="l" id="evidence.account.failed" />, <Num key="v" of={failed} />],
          ]}
        />
      </div>
    </section>
  );
}
