import { Alert, Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/rights';
import { Loaded, ProblemAlert } from '../../app/problem';
import { T, useT } from '../../ui/i18n';
import { Code } from '../../ui/Words';
import { STATE, register, type State } from './data';

// Before anything else the custodians of the register admit the person, with the passkey they will sign by.
export function Admission({ state }: { state: State }) {
  const t = useT();
  const cache = useQueryClient();
  const own = useQuery({ queryKey: ['passkeys'], queryFn: ({ signal }) => keys.all(signal) });
  const ask = useMutation({
    mutationFn: (passkey: string) => register.admission(state.roles[0]!, passkey),
    onSuccess: () => cache.invalidateQueries({ queryKey: STATE }),
  });
  const waiting = state.me.standing.find((s) => s.state === 'asked');
  if (waiting) {
    return (
      <Alert variant="info" isInline title={t('identity.admission.waiting')}>
        <p>
          <T id="identity.admission.compare" />
        </p>
        <p>
          <Code>{waiting.fingerprint}</Code>
        </p>
      </Alert>
    );
  }
  return (
    <section className="card identity-part">
      <h2>
        <T id="identity.admission.title" />
      </h2>
      <p className="below">
        <T id="identity.admission.body" />
      </p>
      {ask.error && <ProblemAlert error={ask.error} />}
      <Loaded query={own}>
        {({ passkeys }) => (
          <ul className="plain-list">
            {passkeys.map((k) => (
              <li key={k.id}>
                <bdi>{k.label}</bdi>{' '}
                <Button size="sm" isDisabled={ask.isPending} onClick={() => ask.mutate(k.id)}>
                  <T id="identity.admission.ask" />
                  <span className="sr">
                    {' '}
                    <bdi>{k.label}</bdi>
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
