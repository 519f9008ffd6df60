import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { isProblem } from '../api/client';
import { EventsProvider } from './events';
import { PrefsProvider, usePrefs } from './prefs';
import { Loading, ProblemAlert } from './problem';
import { makeRouter } from './router';
import { SessionProvider, useSession } from './session';
import { hasLinkToken } from './signin/link';
import { LinkSignIn } from './signin/LinkSignIn';
import { SignIn } from './signin/SignIn';
import { Veil } from './Veil';

const Enrol = lazy(() => import('./signin/Enrol'));

const retry = (count: number, error: unknown) => count < 2 && isProblem(error) && (error.status === 0 || error.status >= 500);

export function App() {
  const [cache] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry, refetchOnWindowFocus: false, gcTime: 300_000 } } }),
  );
  return (
    <QueryClientProvider client={cache}>
      <PrefsProvider>
        <Veil />
        <SessionProvider fallback={(e) => (e ? <ProblemAlert error={e} onRetry={() => location.reload()} /> : <Loading />)}>
          <Gate />
        </SessionProvider>
      </PrefsProvider>
    </QueryClientProvider>
  );
}

// The language of the office's record of the person wins over what the browser remembers, once, at sign-in.
function usePersonsLanguage() {
  const { session } = useSession();
  const { setLocale } = usePrefs();
  const person = session?.person.id;
  const language = session?.person.language;
  useEffect(() => {
    if (person && (language === 'en' || language === 'fr')) setLocale(language);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [person]);
}

function Gate() {
  const { session } = useSession();
  const [router] = useState(makeRouter);
  const [link, setLink] = useState(hasLinkToken);
  usePersonsLanguage();
  if (link) return <LinkSignIn onDone={() => setLink(false)} />;
  if (!session) return <SignIn />;
  if (session.must_enrol)
    return (
      <Suspense fallback={<Loading />}>
        <Enrol />
      </Suspense>
    );
  return (
    <EventsProvider>
      <RouterProvider router={router} />
    </EventsProvider>
  );
}
