import { useEffect, useState } from 'react';
import { session as server } from '../../api/server';
import { Button } from '@patternfly/react-core';
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
  return (
    <Frame title="app.signIn.title">
      {error ? (
        <>
          <ProblemAlert error={error} />
          <p className="above">
            <T id="app.signIn.link.spent" />
          </p>
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
