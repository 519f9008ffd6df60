import { expect, test } from 'vitest';
import { columnName, nextRow, partsFor } from './grid';

test('only the parts in sight are asked for', () => {
  expect(partsFor(95, 130, 1_000_000)).toEqual([0, 1]);
  expect(partsFor(999_990, 2_000_000, 1_000_000)).toEqual([9999]);
  expect(partsFor(0, 10, 0)).toEqual([]);
});

test('columns are named as in a sheet', () => {
  expect([0, 25, 26, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
});

test('rows with hits follow on each other, around the ends', () => {
  expect(nextRow([3, 9], null, 1)).toBe(3);
  expect(nextRow([3, 9], 3, 1)).toBe(9);
  expect(nextRow([3, 9], 9, 1)).toBe(3);
  expect(nextRow([3, 9], 3, -1)).toBe(9);
  expect(nextRow([], 3, 1)).toBeNull();
});
