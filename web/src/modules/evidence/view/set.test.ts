import { expect, test } from 'vitest';
import { hitOnPage, pageOfHit, type HitPages } from './set';

const hits: HitPages = [
  [1, 1],
  [3, 1],
  [3, 1],
  [4, 2],
];

test('a hit of the text is found on the page it was set on', () => {
  expect(pageOfHit(hits, 1, 0)).toBe(1);
  expect(pageOfHit(hits, 1, 2)).toBe(3);
  expect(pageOfHit(hits, 2, 0)).toBe(4);
});

test('where the pages know fewer hits than the text, the last one stands for the others', () => {
  expect(pageOfHit(hits, 1, 9)).toBe(3);
  expect(pageOfHit(hits, 3, 0)).toBeNull();
  expect(pageOfHit([], 1, 0)).toBeNull();
  expect(pageOfHit(hits, 1, null)).toBeNull();
});

test('a hit is counted among those of its page', () => {
  expect(hitOnPage(hits, 1, 2, 3)).toBe(1);
  expect(hitOnPage(hits, 1, 1, 3)).toBe(0);
  expect(hitOnPage(hits, 1, 0, 3)).toBeNull();
});
