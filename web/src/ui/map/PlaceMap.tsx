// A map of places, drawn on a canvas from what the office itself brings: no request for tiles ever leaves. Near places
// are gathered under their number; how exact a place is known is drawn as an area.
import { Button } from '@patternfly/react-core';
import Feature from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import { circular } from 'ol/geom/Polygon';
import Point from 'ol/geom/Point';
import { defaults } from 'ol/interaction/defaults';
import VectorLayer from 'ol/layer/Vector';
import VectorImageLayer from 'ol/layer/VectorImage';
import OlMap from 'ol/Map';
import { boundingExtent } from 'ol/extent';
import { fromLonLat, toLonLat } from 'ol/proj';
import Cluster from 'ol/source/Cluster';
import VectorSource from 'ol/source/Vector';
import { Circle, Fill, Stroke, Style, Text } from 'ol/style';
import View from 'ol/View';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useIntl } from 'react-intl';
import { useT } from '../i18n';
import './map.css';

export type MapPoint = { lat: number; lon: number; radius_m?: number | null };
export type MapTheme = 'light' | 'dark' | 'contrast';
type Props = { points: readonly MapPoint[]; selected: number | null; theme: MapTheme; label: string; onSelect: (index: number) => void; onPick?: (lat: number, lon: number) => void };

const COLOURS = {
  light: { land: '#f6f4ef', border: '#b9b4a8', mark: '#1f4f6f', area: 'rgba(31,79,111,0.18)', chosen: '#a04a00', on: '#ffffff' },
  dark: { land: '#2a3036', border: '#56606a', mark: '#8fc0e0', area: 'rgba(143,192,224,0.25)', chosen: '#ffb454', on: '#151515' },
  contrast: { land: '#ffffff', border: '#151515', mark: '#003a5d', area: 'rgba(0,58,93,0.25)', chosen: '#7d0f04', on: '#ffffff' },
};

// About a metre.
const round = (n: number) => Math.round(n * 1e5) / 1e5;

type Parts = { map: OlMap; marks: VectorSource<Feature<Point>>; areas: VectorSource; redraw: () => void; fit: () => void };

function make(target: HTMLDivElement, theme: MapTheme, number: (n: number) => string, chosen: () => number | null): Parts {
  const c = COLOURS[theme];
  const base = new VectorImageLayer({
    source: new VectorSource({ url: '/basemap.json', format: new GeoJSON() }),
    imageRatio: 1.5,
    style: new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.border, width: 0.7 }) }),
  });
  const areas = new VectorSource();
  const marks = new VectorSource<Feature<Point>>();
  const stroke = new Stroke({ color: c.on, width: 1.5 });
  const cluster = new Cluster({ source: marks, distance: 36, minDistance: 14 });
  const groups = new VectorLayer({
    source: cluster,
    style: (feature) => {
      const inside = feature.get('features') as Feature<Point>[];
      const n = inside.length;
      const at = chosen();
      const fill = new Fill({ color: inside.some((f) => f.get('index') === at) ? c.chosen : c.mark });
      if (n === 1) return new Style({ image: new Circle({ radius: 6, fill, stroke }) });
      return new Style({
        image: new Circle({ radius: n < 10 ? 11 : n < 100 ? 14 : 18, fill, stroke }),
        text: new Text({ text: number(n), font: '600 11px sans-serif', fill: new Fill({ color: c.on }) }),
      });
    },
  });
  const areaLayer = new VectorLayer({ source: areas, style: new Style({ fill: new Fill({ color: c.area }), stroke: new Stroke({ color: c.mark, width: 1, lineDash: [4, 3] }) }) });
  const map = new OlMap({
    target,
    controls: [],
    interactions: defaults({ pinchRotate: false, altShiftDragRotate: false, onFocusOnly: false }),
    layers: [base, areaLayer, groups],
    view: new View({ center: fromLonLat([25, 25]), zoom: 2, minZoom: 1, maxZoom: 16 }),
  });
  const fit = () => {
    if (marks.getFeatures().length) map.getView().fit(marks.getExtent()!, { padding: [60, 60, 60, 60], maxZoom: 8 });
  };
  return { map, marks, areas, redraw: () => groups.changed(), fit };
}

export default function PlaceMap({ points, selected, theme, label, onSelect, onPick }: Props) {
  const t = useT();
  const intl = useIntl();
  const box = useRef<HTMLDivElement>(null);
  const parts = useRef<Parts | null>(null);
  const chosen = useRef(selected);
  const fitted = useRef(false); // while a place is picked, the map stays where it was moved to
  const select = useRef(onSelect);
  const pick = useRef(onPick);
  useEffect(() => {
    select.current = onSelect;
    pick.current = onPick;
  });
  useEffect(() => {
    if (!box.current) return undefined;
    const made = make(box.current, theme, (n) => intl.formatNumber(n, { notation: 'compact' }), () => chosen.current);
    parts.current = made;
    made.map.on('singleclick', (e) => {
      if (pick.current) {
        const [lon = 0, lat = 0] = toLonLat(e.coordinate);
        pick.current(round(lat), round(((((lon + 180) % 360) + 360) % 360) - 180));
        return;
      }
      const hit = made.map.forEachFeatureAtPixel(e.pixel, (f) => f.get('features') as Feature<Point>[] | undefined, { hitTolerance: 4 });
      if (!hit?.length) return;
      if (hit.length === 1) select.current(hit[0]!.get('index') as number);
      else made.map.getView().fit(boundingExtent(hit.map((f) => f.getGeometry()!.getCoordinates())), { padding: [80, 80, 80, 80], maxZoom: 14 });
    });
    return () => {
      parts.current = null;
      made.map.setTarget();
      made.map.dispose();
    };
  }, [theme, intl]);
  useEffect(() => {
    const made = parts.current;
    if (!made) return;
    made.marks.clear(true);
    made.areas.clear(true);
    made.marks.addFeatures(points.map((p, index) => new Feature({ geometry: new Point(fromLonLat([p.lon, p.lat])), index })));
    made.areas.addFeatures(
      points.filter((p) => p.radius_m).map((p) => new Feature(circular([p.lon, p.lat], p.radius_m!, 48).transform('EPSG:4326', 'EPSG:3857'))),
    );
    if (!pick.current || !fitted.current) made.fit();
    fitted.current = true;
  }, [points, theme, intl]);
  useEffect(() => {
    chosen.current = selected;
    const made = parts.current;
    const p = selected === null ? undefined : points[selected];
    made?.redraw();
    if (p) made?.map.getView().setCenter(fromLonLat([p.lon, p.lat]));
  }, [selected, points]);
  const zoom = (by: number) => {
    const view = parts.current?.map.getView();
    view?.setZoom((view.getZoom() ?? 2) + by);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const view = parts.current?.map.getView();
    const step = 100 * (view?.getResolution() ?? 1);
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[e.key];
    const [x = 0, y = 0] = view?.getCenter() ?? [];
    if (move) view?.setCenter([x + move[0]!, y + move[1]!]);
    else if (e.key === '+' || e.key === '-') zoom(e.key === '+' ? 1 : -1);
    else if (e.key === 'Enter' && onPick) {
      const [lon = 0, lat = 0] = toLonLat([x, y]);
      onPick(round(lat), round(lon));
    }
    else return;
    e.preventDefault();
  };
  return (
    <div className="map">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it answers to keys of its own */}
      <div ref={box} className={`map-canvas map-${theme}`} tabIndex={0} role="application" aria-label={label} onKeyDown={onKeyDown} />
      {onPick && <span className="map-cross" aria-hidden="true" />}
      <div className="map-tools">
        <Button size="sm" variant="secondary" aria-label={t('ui.zoom.in')} onClick={() => zoom(1)}>
          +
        </Button>
        <Button size="sm" variant="secondary" aria-label={t('ui.zoom.out')} onClick={() => zoom(-1)}>
          −
        </Button>
        <Button size="sm" variant="secondary" onClick={() => parts.current?.fit()}>
          {t('ui.zoom.all')}
        </Button>
      </div>
      <p className="map-source small">{t('ui.map.source')}</p>
    </div>
  );
}
