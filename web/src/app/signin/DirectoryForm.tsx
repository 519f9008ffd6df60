import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { session as server } from '../../api/server';
import { T } from '../../ui/i18n';
import { useSession } from '../session';
import { spendReturn } from './directory';

type Props = { busy: boolean; run: (work: () => Promise<void>) => void };

// Signing in with the office's own directory, where the office has one: it says who comes, nothing more.
export function DirectoryForm({ busy, run }: Props) {
  const { signedIn } = useSession();
  const offered = useQuery({ queryKey: ['directory'], queryFn: () => server.directoryOffered(), retry: false });
  useEffect(() => {
    const back = spendReturn();
    if (!back) return;
    run(async () => signedIn(await server.directoryFinish(back === 'refused' ? { state: '', code: '' } : back)));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when the page comes back
  }, []);
  if (!offered.data?.offered) return null;
  return (
    <Button
      isBlock
      className="above"
      variant="secondary"
      isDisabled={busy}
      onClick={() =>
        run(async () => {
          location.assign((await server.directoryBegin()).address);
        })
      }
    >
      <T id="app.signIn.directory" />
    </Button>
  );
}
