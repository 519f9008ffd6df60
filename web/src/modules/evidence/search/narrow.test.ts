import { expect, test } from 'vitest';
import { within } from './narrow';

test('both queries hold, each kept together', () => {
  expect(within('village OR town', 'date:1995')).toBe('(village OR town) date:1995');
  expect(within('"quarry road"', 'a NEAR/5 b')).toBe('"quarry road" (a NEAR/5 b)');
  expect(within('tag:"to read"', 'x')).toBe('tag:"to read" x');
});

test('everything narrows nothing', () => {
  expect(within('*', 'village')).toBe('village');
  expect(within('village', '*')).toBe('village');
  expect(within('', '')).toBe('*');
  expect(within('village', 'village')).toBe('village');
});
