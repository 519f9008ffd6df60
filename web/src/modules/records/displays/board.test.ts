import { expect, test } from 'vitest';
import { next } from './board';
import { gridOf, monthBy } from './month';

test('arrows pass over empty columns and stop at the ends', () => {
  const heights = [2, 0, 1, 0];
  expect(next(heights, { column: 0, row: 1 }, 'ArrowRight')).toEqual({ column: 2, row: 0 });
  expect(next(heights, { column: 2, row: 0 }, 'ArrowRight')).toEqual({ column: 2, row: 0 });
  expect(next(heights, { column: 2, row: 0 }, 'ArrowLeft')).toEqual({ column: 0, row: 0 });
  expect(next(heights, { column: 0, row: 0 }, 'ArrowDown')).toEqual({ column: 0, row: 1 });
  expect(next(heights, { column: 0, row: 1 }, 'ArrowDown')).toEqual({ column: 0, row: 1 });
  expect(next(heights, { column: 0, row: 1 }, 'Home')).toEqual({ column: 0, row: 0 });
  expect(next(heights, { column: 0, row: 1 }, 'x')).toBeNull();
});

test('a month is whole weeks from Monday', () => {
  const grid = gridOf('2026-11');
  expect(grid[0]![0]).toBe('2026-10-26');
  expect(grid.at(-1)!.at(-1)).toBe('2026-12-06');
  expect(grid.flat()).toContain('2026-11-30');
  expect(gridOf('2027-02').flat()).toHaveLength(28);
  expect(monthBy('2026-12', 1)).toBe('2027-01');
  expect(monthBy('2026-01', -1)).toBe('2025-12');
});
