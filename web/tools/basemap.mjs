// Makes public/basemap.json, the borders on the map, out of Natural Earth as world-atlas packs it (public domain):
// cut again at the antimeridian, where world-atlas is stitched and a flat map would draw bands across, and rounded.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { geoEquirectangular } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import * as topojson from 'topojson-client';

const round = (c) => (typeof c[0] === 'number' ? [Number(c[0].toFixed(3)), Number((-c[1]).toFixed(3))] : c.map(round));

// Pieces of a line that jump over more than half of the map: there must be none.
export function jumps(coordinates) {
  if (typeof coordinates[0][0] !== 'number') return coordinates.reduce((n, c) => n + jumps(c), 0);
  return coordinates.slice(1).filter((c, i) => Math.abs(c[0] - coordinates[i][0]) > 170).length;
}

export function basemap(topology) {
  const countries = topojson.feature(topology, topology.objects.countries);
  const flat = geoProject(countries, geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).precision(0));
  const features = flat.features
    .filter((f) => f.geometry)
    .map((f) => ({ type: 'Feature', properties: {}, geometry: { type: f.geometry.type, coordinates: round(f.geometry.coordinates) } }));
  return { type: 'FeatureCollection', features };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const source = createRequire(import.meta.url).resolve('world-atlas/countries-50m.json');
  const made = basemap(JSON.parse(fs.readFileSync(source, 'utf8')));
  const bad = made.features.reduce((n, f) => n + jumps(f.geometry.coordinates), 0);
  if (bad) throw new Error(`${bad} lines go across the map`);
  const folder = new URL('../public/', import.meta.url).pathname;
  fs.writeFileSync(`${folder}basemap.json`, JSON.stringify(made));
}
