// One stream of events for the whole page; whoever wants a kind of event listens to it.
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { BASE } from '../api/client';
import { openEvents } from '../api/events';
import type { ProcessingEvent, SessionEvent } from '../api/types';

type Kinds = { processing: ProcessingEvent; session: SessionEvent };
type Listener = (data: never) => void;
type Hub = { listeners: Map<string, Set<Listener>> };

const Context = createContext<Hub | null>(null);
const NAMES = ['processing', 'session'] as const;

export function EventsProvider({ children }: { children: ReactNode }) {
  const hub = useMemo<Hub>(() => ({ listeners: new Map(NAMES.map((n) => [n, new Set()])) }), []);
  useEffect(
    () =>
      openEvents({
        url: `${BASE}/events`,
        names: NAMES,
        onEvent: (name, data) => {
          for (const listener of hub.listeners.get(name) ?? []) listener(data as never);
        },
      }),
    [hub],
  );
  return <Context.Provider value={hub}>{children}</Context.Provider>;
}

export function useServerEvent<K extends keyof Kinds>(kind: K, listener: (data: Kinds[K]) => void) {
  const hub = useContext(Context);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const call: Listener = (data) => latest.current(data as Kinds[K]);
    hub?.listeners.get(kind)?.add(call);
    return () => void hub?.listeners.get(kind)?.delete(call);
  }, [hub, kind]);
}
