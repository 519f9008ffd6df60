import { expect, test } from 'vitest';
import { between, overlap, placed, ZOOM, zoomed } from './boxes';

test('a box lies between two corners, whichever was first, and never outside of the picture', () => {
  expect(between([0.1, 0.2], [0.3, 0.6])).toEqual([1000, 2000, 2000, 4000]);
  expect(between([0.3, 0.6], [0.1, 0.2])).toEqual([1000, 2000, 2000, 4000]);
  expect(between([-0.5, 0.5], [1.5, 2])).toEqual([0, 5000, 10000, 5000]);
});

test('a word belongs to a region when its middle lies in it', () => {
  expect(overlap([1000, 1000, 1000, 1000], [1400, 1400, 200, 100, 'road'])).toBe(true);
  expect(overlap([1000, 1000, 1000, 1000], [1900, 1400, 400, 100, 'road'])).toBe(false);
});

test('boxes are told in shares of the picture', () => {
  expect(placed([2500, 0, 10000, 50])).toEqual({ left: '25%', top: '0%', width: '100%', height: '0.5%' });
});

test('the zoom ends at its ends', () => {
  expect(zoomed(0, -1)).toBe(0);
  expect(zoomed(ZOOM.length - 1, 1)).toBe(ZOOM.length - 1);
  expect(zoomed(1, 1)).toBe(2);
});
