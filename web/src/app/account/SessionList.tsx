import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { session as server } from '../../api/server';
import type { OpenSession } from '../../api/types';
import { T, useT } from '../../ui/i18n';
import { Moment } from '../../ui/Words';
import { Loaded, ProblemAlert } from '../problem';
import { useSession } from '../session';

function Row({ session, busy, onRevoke }: { session: OpenSession; busy: boolean; onRevoke: () => void }) {
  const t = useT();
  return (
    <tr>
      <td>
        <Moment at={session.began} />
      </td>
      <td>
        <Moment at={session.last_seen} />
      </td>
      <td>
        {t(`app.strength.${session.strength}`)}
        {session.this && (
          <span className="tag">
            <T id="app.sessions.this" />
          </span>
        )}
      </td>
      <td className="end">
        <Button variant="secondary" size="sm" isDisabled={busy} onClick={onRevoke}>
          <T id="app.sessions.revoke" />
        </Button>
      </td>
    </tr>
  );
}

export function SessionList() {
  const cache = useQueryClient();
  const { signOut } = useSession();
  const list = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => server.all(signal) });
  const revoke = useMutation({
    mutationFn: async (s: OpenSession) => (s.this ? signOut() : server.revoke(s.id)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <section className="card wide">
      <h2>
        <T id="app.sessions.title" />
      </h2>
      {revoke.error && <ProblemAlert error={revoke.error} />}
      <Loaded query={list}>
        {({ sessions }) => (
          <table className="dt">
            <thead>
              <tr>
                {['app.sessions.began', 'app.sessions.seen', 'app.account.strength'].map((id) => (
                  <th key={id} scope="col">
                    <T id={id} />
                  </th>
                ))}
                <th scope="col">
                  <span className="sr">
                    <T id="app.sessions.revoke" />
                  </span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((s) => (
                <Row key={s.id} session={s} busy={revoke.isPending} onRevoke={() => revoke.mutate(s)} />
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}
