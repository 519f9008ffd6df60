import { expect, test } from 'vitest';
import { boxOf, cellFor, placeWords } from './place';

test('a box holds the points it was made of, and stays on the earth', () => {
  const [south, west, north, east] = boxOf([43.4674481, 11.8851269, 43.4674481, 11.8851269]).split(',').map(Number) as [number, number, number, number];
  expect(south).toBeLessThan(43.4674481);
  expect(north).toBeGreaterThan(43.4674481);
  expect(west).toBeLessThan(11.8851269);
  expect(east).toBeGreaterThan(11.8851269);
  expect(boxOf([-90, -180, 90, 180])).toBe('-90,-180,90,180');
});

test('a small place is told by its middle, a large one by its corners', () => {
  expect(placeWords('43.46,11.88,43.47,11.89')).toBe('43.465° N, 11.885° E');
  expect(placeWords('-10,-20,10,20')).toBe('10.000° S, 20.000° W – 10.000° N, 20.000° E');
});

test('cells grow with what is seen, within bounds', () => {
  expect(cellFor(360)).toBe(11.25);
  expect(cellFor(0.001)).toBe(0.0005);
});
