import { expect, test } from 'vitest';
import { moment, offsets, offsetText } from './moment';

test('an offset is written with its sign, hours and minutes', () => {
  expect([60, 0, -210, 345].map(offsetText)).toEqual(['+01:00', '+00:00', '-03:30', '+05:45']);
});

test('the offsets are in order, each once, with that of this computer', () => {
  const all = offsets(60);
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toBe('-12:00');
  expect(all.at(-1)).toBe('+14:00');
  expect(offsets(-17)).toContain('-00:17');
});

test('a moment is a civil time with its zone', () => {
  expect(moment('2026-11-20T10:15', '+05:45')).toBe('2026-11-20T10:15:00+05:45');
});
