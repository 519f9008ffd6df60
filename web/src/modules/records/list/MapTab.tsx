import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { usePrefs } from '../../../app/prefs';
import { Loaded } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import PlaceMap from '../../../ui/map/PlaceMap';
import { fieldNamed } from '../declare/condition';
import { placeText } from '../values/text';
import { useIntl } from 'react-intl';
import { PictureList } from './PictureList';

// Where: the places of what the list holds, with the list of the same places beside the map.
export default function MapTab({ kind, query }: { kind: Kind; query: string }) {
  const t = useT();
  const label = useLabel();
  const { locale } = useIntl();
  const { theme } = usePrefs();
  const [selected, setSelected] = useState<number | null>(null);
  const places = useQuery({ queryKey: ['places', query], queryFn: ({ signal }) => queries.places(query, signal), staleTime: 60_000 });
  const points = useMemo(() => places.data?.points ?? [], [places.data]);
  return (
    <Loaded query={places}>
      {({ total, without }) => (
        <div className="picture">
          <section className="pane" aria-label={t('records.tab.map')}>
            <PlaceMap points={points} selected={selected} theme={theme} label={t('records.map.label')} onSelect={setSelected} />
          </section>
          <PictureList
            title={t('records.map.list')}
            status={<T id="records.map.count" values={{ shown: points.length, total, without }} />}
            rows={points.map((p) => ({ code: p.code, title: p.title, detail: [label(fieldNamed(kind, p.field)), placeText({ lat: p.lat, lon: p.lon, radius_m: p.radius_m }, locale, t)].filter(Boolean).join(' · ') }))}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
      )}
    </Loaded>
  );
}
