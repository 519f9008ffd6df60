import { expect, test } from 'vitest';
import { rowsOf, ticks, windowOf, xOf, zoomed } from './scale';

test('a window shows everything; open ends do not widen it', () => {
  const w = windowOf([
    { from: 100, to: 100 },
    { from: 200, to: Infinity },
  ]);
  expect(w.from).toBeLessThan(100);
  expect(w.to).toBeGreaterThan(200);
  expect(w.to).toBeLessThan(300);
  expect(windowOf([])).toEqual({ from: 0, to: 365 });
});

test('zooming keeps the place under the pointer', () => {
  const w = { from: 0, to: 100 };
  const near = zoomed(w, 0.5, 25);
  expect(xOf(25, near, 800)).toBeCloseTo(xOf(25, w, 800));
  expect(zoomed(w, 0.0001).to - zoomed(w, 0.0001).from).toBe(7);
});

test('never many ticks, whatever the span', () => {
  for (const span of [7, 30, 100, 365, 800, 4000, 40_000, 400_000]) {
    const found = ticks({ from: 18_000, to: 18_000 + span });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(16);
  }
  expect(ticks({ from: 17_897, to: 17_930 })[0]).toMatchObject({ year: 2019, month: 0, date: 1 });
});

test('bars that would cover one another go into rows', () => {
  expect(rowsOf([{ left: 0, right: 10 }, { left: 5, right: 20 }, { left: 15, right: 30 }, { left: 16, right: 18 }], 2, 3)).toEqual([0, 1, 0, 2]);
  expect(rowsOf([{ left: 0, right: 10 }, { left: 1, right: 10 }, { left: 20, right: 30 }], 2, 1)).toEqual([0, -1, 0]);
});
