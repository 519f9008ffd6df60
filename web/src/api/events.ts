// Server-sent events. The browser reconnects by itself after a cut, but gives up for good when an answer is not a
// stream (a proxy's error page, a restart); then this client tries again, slower each time, until it is closed.

export type EventsOptions = {
  url: string;
  names: readonly string[];
  onEvent: (name: string, data: unknown) => void;
  onState?: (connected: boolean) => void;
  make?: (url: string) => EventSource;
  wait?: (attempt: number) => number;
};

export const backoff = (attempt: number) => Math.min(30_000, 1_000 * 2 ** attempt);

export function openEvents({ url, names, onEvent, onState, make, wait = backoff }: EventsOptions): () => void {
  const create = make ?? ((u: string) => new EventSource(u));
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let ended = false;

  const open = () => {
    source = create(url);
    source.addEventListener('open', () => {
      attempt = 0;
      onState?.(true);
    });
    source.addEventListener('error', () => {
      onState?.(false);
      if (ended || source?.readyState !== 2) return;
      source.close();
      timer = setTimeout(open, wait(attempt));
      attempt += 1;
    });
    for (const name of names) {
      source.addEventListener(name, (e) => {
        try {
          onEvent(name, JSON.parse((e as MessageEvent<string>).data));
        } catch {
          // A cut line is not an event; the next one tells the state anew.
        }
      });
    }
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}
