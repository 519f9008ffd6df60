import { expect, test } from 'vitest';
import { clampRow, rowAt, WINDOW, windowsFor } from './windows';

test('only the windows that are looked at are asked for', () => {
  expect(windowsFor(0, 11, 1_000_000)).toEqual([0]);
  expect(windowsFor(45, 55, 1_000_000)).toEqual([0, 1]);
  expect(windowsFor(999_990, 1_000_005, 1_000_000)).toEqual([19_999]);
  expect(windowsFor(-5, 3, 10)).toEqual([0]);
  expect(windowsFor(0, 0, 0)).toEqual([]);
  expect(windowsFor(5, 2, 10)).toEqual([]);
});

test('rows are found in their window; what has not come yet is not there', () => {
  const windows = new Map([[1, ['a', 'b']]]);
  expect(rowAt(windows, WINDOW)).toBe('a');
  expect(rowAt(windows, WINDOW + 1)).toBe('b');
  expect(rowAt(windows, WINDOW + 2)).toBeUndefined();
  expect(rowAt(windows, 0)).toBeUndefined();
});

test('moving stays inside the result', () => {
  expect(clampRow(-1, 10)).toBe(0);
  expect(clampRow(10, 10)).toBe(9);
  expect(clampRow(3, 0)).toBe(0);
});
