// OpenLayers on a canvas: borders from our own file, circles for what lies close together. No worker, no tiles.
import Feature from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import Point from 'ol/geom/Point';
import { defaults } from 'ol/interaction/defaults';
import VectorLayer from 'ol/layer/Vector';
import VectorImageLayer from 'ol/layer/VectorImage';
import OlMap from 'ol/Map';
import { fromLonLat, transformExtent } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import { Circle, Fill, Stroke, Style, Text } from 'ol/style';
import View from 'ol/View';
import type { Cluster } from '../../../api/workspace';
import type { Theme } from '../../../app/prefs';

export type Seen = { box: [south: number, west: number, north: number, east: number] };
export type Drawn = {
  draw: (clusters: readonly Cluster[]) => void;
  show: (clusters: readonly Cluster[]) => void; // moves so that all are seen
  move: (right: number, up: number) => void;
  zoom: (by: number) => void;
  end: () => void;
};

const COLOURS: Record<Theme, { sea: string; land: string; border: string; point: string; ink: string }> = {
  light: { sea: '#d7e3ea', land: '#f6f4ef', border: '#b9b4a8', point: '#1f4f6f', ink: '#ffffff' },
  dark: { sea: '#161b20', land: '#2a3036', border: '#56606a', point: '#8fc0e0', ink: '#10151a' },
  contrast: { sea: '#ffffff', land: '#f0f0f0', border: '#151515', point: '#003a5d', ink: '#ffffff' },
};

const radius = (n: number) => (n === 1 ? 6 : n < 10 ? 10 : n < 100 ? 13 : n < 1000 ? 17 : 22);

export function makeMap(target: HTMLElement, theme: Theme, locale: string, onSeen: (seen: Seen) => void, onPick: (cluster: Cluster) => void): Drawn {
  const colour = COLOURS[theme];
  const land = new VectorImageLayer({
    source: new VectorSource({ url: '/basemap.json', format: new GeoJSON() }),
    imageRatio: 1.5,
    style: new Style({ fill: new Fill({ color: colour.land }), stroke: new Stroke({ color: colour.border, width: 0.8 }) }),
  });
  const points = new VectorSource<Feature<Point>>();
  const number = new Intl.NumberFormat(locale, { notation: 'compact' });
  const layer = new VectorLayer({
    source: points,
    style: (f) => {
      const n = (f.get('cluster') as Cluster).count;
      const image = new Circle({ radius: radius(n), fill: new Fill({ color: colour.point }), stroke: new Stroke({ color: colour.ink, width: 1.5 }) });
      if (n === 1) return new Style({ image });
      return new Style({ image, text: new Text({ text: number.format(n), font: '600 11px sans-serif', fill: new Fill({ color: colour.ink }) }) });
    },
  });
  target.style.backgroundColor = colour.sea;
  const view = new View({ center: fromLonLat([20, 30]), zoom: 2, minZoom: 1, maxZoom: 17, enableRotation: false });
  const map = new OlMap({ target, controls: [], interactions: defaults({ pinchRotate: false, altShiftDragRotate: false }), layers: [land, layer], view });
  map.on('moveend', () => {
    const [west, south, east, north] = transformExtent(view.calculateExtent(map.getSize()), 'EPSG:3857', 'EPSG:4326') as [number, number, number, number];
    const wide = east - west >= 360;
    onSeen({ box: [Math.max(-90, south), wide ? -180 : Math.max(-180, west), Math.min(90, north), wide ? 180 : Math.min(180, east)] });
  });
  map.on('singleclick', (e) => {
    const found = map.forEachFeatureAtPixel(e.pixel, (f) => f.get('cluster') as Cluster | undefined, { layerFilter: (l) => l === layer, hitTolerance: 4 });
    if (found) onPick(found);
  });
  map.on('pointermove', (e) => {
    target.style.cursor = map.hasFeatureAtPixel(e.pixel, { layerFilter: (l) => l === layer, hitTolerance: 4 }) ? 'pointer' : '';
  });
  return {
    draw: (clusters) => {
      points.clear(true);
      points.addFeatures(clusters.map((c) => new Feature({ geometry: new Point(fromLonLat([c.longitude, c.latitude])), cluster: c })));
    },
    show: (clusters) => {
      const [south, west, north, east] = clusters.reduce(
        (b, c) => [Math.min(b[0]!, c.box[0]), Math.min(b[1]!, c.box[1]), Math.max(b[2]!, c.box[2]), Math.max(b[3]!, c.box[3])],
        [85, 180, -85, -180],
      ) as [number, number, number, number];
      view.fit(transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857'), { padding: [40, 40, 40, 40], maxZoom: 12 });
    },
    move: (right, up) => {
      const [x, y] = view.getCenter()!;
      const step = 120 * view.getResolution()!;
      view.setCenter([x! + right * step, y! + up * step]);
    },
    zoom: (by) => view.setZoom((view.getZoom() ?? 2) + by),
    end: () => {
      map.setTarget(undefined);
      map.dispose();
    },
  };
}
