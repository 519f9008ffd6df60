// One stream of events for the whole page; whoever wants a kind of event listens to it. A page that nobody looks at
// closes its stream: browsers allow six connections to a server, and people keep many pages open.
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { BASE } from '../api/client';
import { openEvents } from '../api/events';
import type { ProcessingEvent, SessionEvent } from '../api/types';

type Kinds = { processing: ProcessingEvent; session: SessionEvent; alarm: object; again: null };
type Listener = (data: never) => void;
type Hub = { listeners: Map<string, Set<Listener>> };

const Context = createContext<Hub | null>(null);
const NAMES = ['processing', 'session', 'alarm'] as const;
const KINDS = [...NAMES, 'again'] as const; // again: the stream is back, and something may have been missed

export function EventsProvider({ children }: { children: ReactNode }) {
  const hub = useMemo<Hub>(() => ({ listeners: new Map(KINDS.map((n) => [n, new Set()])) }), []);
  useEffect(() => {
    let close: (() => void) | null = null;
    let opened = 0;
    const tell = (name: string, data: unknown) => {
      for (const listener of hub.listeners.get(name) ?? []) listener(data as never);
    };
    const onState = (connected: boolean) => {
      if (connected && opened > 0) tell('again', null);
      if (connected) opened += 1;
    };
    const follow = () => {
      if (document.hidden) {
        close?.();
        close = null;
      } else close ??= openEvents({ url: `${BASE}/events`, names: NAMES, onEvent: tell, onState });
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close?.();
    };
  }, [hub]);
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
