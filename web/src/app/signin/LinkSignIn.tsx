import { Alert, Button } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { isProblem } from '../../api/client';
import { session as server } from '../../api/server';
import { T } from '../../ui/i18n';
import { Loading, ProblemAlert } from '../problem';
import { useSession } from '../session';
import { Frame } from './Frame';
import { spendLinkToken } from './link';

export function LinkSignIn({ onDone }: { onDone: () => void }) {
  const { signedIn } = useSession();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const token = spendLinkToken();
    if (token === null) return;
    server
      .byLink(token)
      .then((s) => {
        signedIn(s);
        onDone();
      })
      .catch(setError);
  }, [signedIn, onDone]);
  const refused = isProblem(error) && error.status >= 400 && error.status < 500;
  return (
    <Frame title="app.signIn.title">
      {error ? (
        <>
          {refused ? <Alert variant="danger" isInline title={<T id="app.signIn.link.spent" />} /> : <ProblemAlert error={error} />}
          <Button className="above" onClick={onDone}>
            <T id="app.signIn.otherWay" />
          </Button>
        </>
      ) : (
        <Loading />
      )}
    </Frame>
  );
}
