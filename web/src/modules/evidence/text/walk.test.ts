import { expect, test } from 'vitest';
import { nextHit, previousHit, settle } from './walk';

test('hits follow on the page, then on the next page with hits, then from the beginning', () => {
  expect(nextHit(2, 0, 3, [2, 5])).toEqual({ page: 2, hit: 1 });
  expect(nextHit(2, 2, 3, [2, 5])).toEqual({ page: 5, hit: 0 });
  expect(nextHit(5, 0, 1, [2, 5])).toEqual({ page: 2, hit: 0 });
  expect(nextHit(3, -1, 0, [2, 5])).toEqual({ page: 5, hit: 0 });
  expect(nextHit(1, -1, 0, [])).toBeNull();
});

test('and backwards, to the last hit of the page before', () => {
  expect(previousHit(5, 1, 3, [2, 5])).toEqual({ page: 5, hit: 0 });
  expect(previousHit(5, 0, 3, [2, 5])).toEqual({ page: 2, hit: 'last' });
  expect(previousHit(2, 0, 1, [2, 5])).toEqual({ page: 5, hit: 'last' });
  expect(previousHit(1, -1, 0, [])).toBeNull();
});

test('the last hit is known when the page is', () => {
  expect(settle('last', 4)).toBe(3);
  expect(settle(9, 4)).toBe(3);
  expect(settle(0, 0)).toBeNull();
});
