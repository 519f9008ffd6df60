import { expect, test } from 'vitest';
import { equal, mergeable } from './merge';

test('nothing, an empty text and an empty list are the same; the order of parts does not count', () => {
  expect(equal(undefined, '')).toBe(true);
  expect(equal([], null)).toBe(true);
  expect(equal({ lat: 1, lon: 2 }, { lon: 2, lat: 1, name: '' })).toBe(true);
  expect(equal(['a', 'b'], ['b', 'a'])).toBe(false);
  expect(equal(false, null)).toBe(false);
  expect(equal(0, null)).toBe(false);
});

test('what only the other changed is theirs; what both changed begins as mine', () => {
  expect(mergeable('a', 'a', 'b')).toBe('theirs');
  expect(mergeable('a', 'b', 'a')).toBe('mine');
  expect(mergeable('a', 'b', 'c')).toBe('mine');
});
