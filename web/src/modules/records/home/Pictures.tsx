// Tiles that are pictures, each with the list of the same things and the way to the whole.
import { useMemo, useState } from 'react';
import { useIntl } from 'react-intl';
import type { MapTile, TimesTile } from '../../../api/home';
import { usePrefs } from '../../../app/prefs';
import { useDateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import PlaceMap from '../../../ui/map/PlaceMap';
import { Timeline, type TimeSpan } from '../../../ui/timeline/Timeline';
import { PictureList } from '../list/PictureList';
import { day, isSure } from '../list/spans';
import { placeText } from '../values/text';
import { Behind } from './Behind';
import '../list/list.css';

type Of<X> = { tile: X; caseId: string | undefined };

const Whole = ({ tile, caseId }: Of<MapTile | TimesTile>) => (
  <p className="small home-behind">
    <Behind part={tile.part} caseId={caseId}>
      <T id="records.home.behind" values={{ what: useLabel()(tile.part.label), n: tile.total }} />
    </Behind>
  </p>
);

function MapOf({ tile }: { tile: MapTile }) {
  const t = useT();
  const label = useLabel();
  const { locale } = useIntl();
  const { theme } = usePrefs();
  const [selected, setSelected] = useState<number | null>(null);
  return (
    <div className="picture">
      <section className="pane" aria-label={label(tile.title)}>
        <PlaceMap points={tile.points} selected={selected} theme={theme} label={t('records.map.label')} onSelect={setSelected} />
      </section>
      <PictureList
        title={t('records.map.list')}
        status={<T id="records.map.count" values={{ shown: tile.points.length, total: tile.total, without: tile.without }} />}
        rows={tile.points.map((p) => ({ code: p.code, title: p.title, detail: [label(tile.fields[p.field]), placeText({ lat: p.lat, lon: p.lon, radius_m: p.radius_m }, locale, t)].filter(Boolean).join(' · ') }))}
        selected={selected}
        onSelect={setSelected}
      />
    </div>
  );
}

function TimesOf({ tile }: { tile: TimesTile }) {
  const t = useT();
  const label = useLabel();
  const words = useDateWords();
  const { theme } = usePrefs();
  const [selected, setSelected] = useState<number | null>(null);
  const spans = useMemo(() => tile.spans.toSorted((a, b) => day(a.from, -Infinity) - day(b.from, -Infinity)), [tile]);
  const fields = useMemo(() => [...new Set(spans.map((s) => s.field))], [spans]);
  const drawn = useMemo<TimeSpan[]>(
    () => spans.map((s) => ({ from: day(s.from, -Infinity), to: day(s.to, Infinity), sure: isSure(s.value), lane: fields.indexOf(s.field), title: s.title })),
    [spans, fields],
  );
  const lanes = useMemo(() => fields.map((f) => label(tile.fields[f]) || f), [fields, tile, label]);
  return (
    <div className="picture">
      <section className="pane" aria-label={label(tile.title)}>
        <Timeline spans={drawn} lanes={lanes} selected={selected} dark={theme === 'dark'} label={t('records.time.label')} onSelect={setSelected} />
      </section>
      <PictureList
        title={t('records.time.list')}
        status={<T id="records.time.count" values={{ shown: spans.length, total: tile.total, without: tile.without }} />}
        rows={spans.map((s) => ({ code: s.code, title: s.title, detail: t('ui.pair', { name: label(tile.fields[s.field]) || s.field, value: words(s.value) }) }))}
        selected={selected}
        onSelect={setSelected}
      />
    </div>
  );
}

export default function PictureOf({ tile, caseId }: Of<MapTile | TimesTile>) {
  return (
    <>
      <div className="home-picture">{tile.show === 'map' ? <MapOf tile={tile} /> : <TimesOf tile={tile} />}</div>
      <Whole tile={tile} caseId={caseId} />
    </>
  );
}
