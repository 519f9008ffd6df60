// Quick hide: one key, or the button of the masthead, covers everything with a page that tells nothing. What was
// open stays as it was, but is neither seen nor read aloud until the veil is lifted.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { T } from '../ui/i18n';
import { useActions } from './actions';

let down = false;
const listeners = new Set<() => void>();

export function setVeil(on: boolean) {
  down = on;
  document.documentElement.classList.toggle('veiled', on);
  if (on) for (const media of document.querySelectorAll('audio, video')) (media as HTMLMediaElement).pause();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function Veil() {
  const on = useSyncExternalStore(subscribe, () => down);
  const [place] = useState(() => {
    const div = document.createElement('div');
    div.id = 'veil';
    return div;
  });
  useEffect(() => {
    document.body.append(place);
    return () => place.remove();
  }, [place]);
  useActions({ 'app.hide': () => setVeil(!down) });
  if (!on) return null;
  return createPortal(
    <main className="veil">
      <button type="button" className="veil-lift" onClick={() => setVeil(false)} ref={(button) => button?.focus()}>
        <T id="app.veil.lift" />
      </button>
    </main>,
    place,
  );
}
