import { expect, test } from 'vitest';
import { LEAD } from '../declare/lead.fixture';
import { codesIn, filterables, listColumns, some, sortedBy, sortOf, withFilters } from './filter';

test('sensitive fields are neither filters nor columns', () => {
  const names = filterables(LEAD).map((f) => f.name);
  expect(names).toContain('channel');
  expect(names).toContain('case');
  expect(names).not.toContain('contact');
  expect(names).not.toContain('assessment');
  expect(listColumns(LEAD).map((f) => f.name)).toEqual(['title', 'received', 'channel', 'grade', 'urgent', 'owner']);
});

test('the filters of a field are changed in their place', () => {
  const filter = [...some('received', [['from', '2019'], ['to', '2020']]), ...some('urgent', [['is', true]])];
  expect(filter).toHaveLength(3);
  expect(withFilters(filter, 'received', some('received', [['from', '2018']])).map((f) => f.field)).toEqual(['received', 'urgent']);
  expect(withFilters(filter, 'received', [])).toHaveLength(1);
  expect(withFilters(filter, 'state', some('state', [['in', ['draft']]])).at(-1)!.field).toBe('state');
  expect(some('title', [['contains', '']])).toEqual([]);
  expect(some('urgent', [['is', false]])).toHaveLength(1);
});

test('codes are read whichever way they are asked for', () => {
  expect(codesIn([{ field: 'state', op: 'is', value: 'draft' }])).toEqual(['draft']);
  expect(codesIn([{ field: 'state', op: 'in', value: ['a', 'b'] }])).toEqual(['a', 'b']);
});

test('a header sorts, and once more the other way; dates begin with the latest', () => {
  expect(sortedBy([], 'title', false)).toEqual(['title']);
  expect(sortedBy(['title'], 'title', false)).toEqual(['-title']);
  expect(sortedBy(['title'], 'received', true)).toEqual(['-received']);
  expect(sortOf(['-received'], 'received')).toBe('descending');
});
