// Who is signed in. Signing out, or an answer 401, empties every cache before the next screen is drawn.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { isProblem, onSignedOut, onStale, setCsrf } from '../api/client';
import { session as server } from '../api/server';
import type { Session } from '../api/types';

const KEY = ['session'] as const;

async function current(): Promise<Session | null> {
  try {
    return await server.current();
  } catch (e) {
    if (isProblem(e, 401)) return null;
    throw e;
  }
}

type Value = {
  session: Session | null;
  signedIn: (session: Session) => void;
  renewed: (session: Session) => void; // the same session, under a new token
  refresh: () => Promise<unknown>;
  signOut: () => Promise<void>;
};
const Context = createContext<Value | null>(null);

export function SessionProvider({ children, fallback }: { children: ReactNode; fallback: (error: unknown) => ReactNode }) {
  const cache = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: current, staleTime: Infinity, gcTime: Infinity, retry: 2 });
  const session = query.data ?? null;

  const leave = useCallback(() => {
    setCsrf('');
    cache.removeQueries({ predicate: (q) => q.queryKey[0] !== KEY[0] });
    cache.setQueryData(KEY, null);
  }, [cache]);
  useEffect(() => onSignedOut(leave), [leave]);
  useEffect(() => onStale(() => void cache.invalidateQueries({ queryKey: KEY })), [cache]);
  // Set while rendering: children may ask the server as soon as they are drawn.
  if (session) setCsrf(session.csrf);

  const value = useMemo<Value>(
    () => ({
      session,
      signedIn: (s) => {
        setCsrf(s.csrf);
        cache.removeQueries({ predicate: (q) => q.queryKey[0] !== KEY[0] });
        cache.setQueryData(KEY, s);
      },
      renewed: (s) => {
        setCsrf(s.csrf);
        cache.setQueryData(KEY, s);
      },
      refresh: () => cache.invalidateQueries({ queryKey: KEY }),
      signOut: async () => {
        await server.end().catch(() => undefined);
        leave();
      },
    }),
    [session, cache, leave],
  );
  if (query.isPending || (query.isError && !session)) return fallback(query.error);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSession(): Value {
  const value = useContext(Context);
  if (!value) throw new Error('useSession outside of SessionProvider');
  return value;
}

// The signed-in person's session; only below the gate.
export function usePerson(): Session {
  const { session } = useSession();
  if (!session) throw new Error('usePerson without a session');
  return session;
}

// Whether to offer something. The server decides anew whatever is offered.
export function useMay(): (permission: string | undefined) => boolean {
  const { session } = useSession();
  return (permission) => !permission || !session?.may || session.may.includes(permission);
}
