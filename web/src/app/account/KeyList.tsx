import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys, type OwnKey } from '../../api/rights';
import { T } from '../../ui/i18n';
import { Moment } from '../../ui/Words';
import { useMissing } from '../missing';
import { Loaded, ProblemAlert } from '../problem';

export const KEYS = ['passkeys'] as const;

function Row({ of, last, busy, onRemove }: { of: OwnKey; last: boolean; busy: boolean; onRemove: () => void }) {
  return (
    <tr>
      <td>
        <bdi>{of.label}</bdi>
      </td>
      <td>
        <Moment at={of.made} />
      </td>
      <td className="end">
        {last ? (
          <span className="muted">
            <T id="app.keyList.last" />
          </span>
        ) : (
          <Button variant="secondary" size="sm" isDisabled={busy} onClick={onRemove}>
            <T id="app.keyList.remove" />
            <span className="sr">
              {' '}
              <bdi>{of.label}</bdi>
            </span>
          </Button>
        )}
      </td>
    </tr>
  );
}

// The person's own passkeys. The last means to sign in stays.
export function KeyList() {
  const cache = useQueryClient();
  const missing = useMissing();
  const list = useQuery({ queryKey: KEYS, queryFn: ({ signal }) => keys.all(signal) });
  const remove = useMutation({
    mutationFn: (id: string) => missing(() => keys.remove(id)),
    onSettled: () => Promise.all([cache.invalidateQueries({ queryKey: KEYS }), cache.invalidateQueries({ queryKey: ['sessions'] })]),
  });
  return (
    <section className="card wide">
      <h2>
        <T id="app.keyList.title" />
      </h2>
      {remove.error && <ProblemAlert error={remove.error} />}
      <Loaded query={list}>
        {({ password, passkeys }) => (
          <table className="dt">
            <thead>
              <tr>
                {['app.passkey.label', 'app.keyList.made'].map((id) => (
                  <th key={id} scope="col">
                    <T id={id} />
                  </th>
                ))}
                <th scope="col">
                  <span className="sr">
                    <T id="app.keyList.remove" />
                  </span>
                </th>
              </tr>
            </thead>
            <tbody>
              {passkeys.map((k) => (
                <Row key={k.id} of={k} last={passkeys.length === 1 && !password} busy={remove.isPending} onRemove={() => remove.mutate(k.id)} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}
