// A map that opens where one is wanted: of a place that is known, or to choose one. Loaded only then.
import { Button } from '@patternfly/react-core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useT } from '../i18n';
import type { MapTheme } from './PlaceMap';
import './map.css';

const PlaceMap = lazy(() => import('./PlaceMap'));

function themeNow(): MapTheme {
  const html = document.documentElement.classList;
  return html.contains('pf-v6-theme-dark') ? 'dark' : html.contains('pf-v6-theme-high-contrast') ? 'contrast' : 'light';
}

type Props = { lat: unknown; lon: unknown; radius: unknown; onPick?: (lat: number, lon: number) => void };

export function SmallMap({ lat, lon, radius, onPick }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const points = useMemo(
    () => (typeof lat === 'number' && typeof lon === 'number' ? [{ lat, lon, radius_m: typeof radius === 'number' ? radius : null }] : []),
    [lat, lon, radius],
  );
  return (
    <>
      <Button variant="link" size="sm" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'ui.map.close' : onPick ? 'ui.map.pick' : 'ui.map.show')}
      </Button>
      {open && (
        <div className="map-small">
          <Suspense fallback={null}>
            <PlaceMap points={points} selected={null} theme={themeNow()} label={t(onPick ? 'ui.map.pickLabel' : 'ui.map.label')} onSelect={() => undefined} {...(onPick ? { onPick } : {})} />
          </Suspense>
        </div>
      )}
    </>
  );
}
