import { expect, test } from 'vitest';
import { after, filled } from './time';

test('days, months and years follow on each other over their ends', () => {
  expect(after('1995-12-31', 'day')).toBe('1996-01-01');
  expect(after('2024-02-28', 'day')).toBe('2024-02-29');
  expect(after('1995-12', 'month')).toBe('1996-01');
  expect(after('1999', 'year')).toBe('2000');
});

test('time without results is drawn empty', () => {
  const counts = [{ at: '1995-11', count: 2 }, { at: '1996-02', count: 1 }];
  expect(filled({ by: 'month', undated: 0, counts }).map((c) => c.at)).toEqual(['1995-11', '1995-12', '1996-01', '1996-02']);
});

test('a date far away does not make columns without end', () => {
  const counts = [{ at: '1601', count: 1 }, { at: '2020', count: 5 }];
  expect(filled({ by: 'year', undated: 0, counts })).toEqual(counts);
});
