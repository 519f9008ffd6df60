import { expect, test } from 'vitest';
import { basemap, jumps } from './basemap.mjs';

test('a line that jumps over half of the map is found', () => {
  expect(jumps([[[170, 0], [179, 1], [-179, 2]]])).toBe(1);
  expect(jumps([[[10, 0], [20, 1]]])).toBe(0);
});

test('a country that lies on both sides of the antimeridian is cut there', () => {
  const topology = {
    type: 'Topology',
    arcs: [[[175, 10], [-175, 10], [-175, -10], [175, -10], [175, 10]]],
    objects: { countries: { type: 'GeometryCollection', geometries: [{ type: 'Polygon', arcs: [[0]] }] } },
  };
  const [country] = basemap(topology).features;
  expect(country.geometry.type).toBe('MultiPolygon');
  expect(jumps(country.geometry.coordinates)).toBe(0);
});
