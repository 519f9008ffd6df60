import { expect, test } from 'vitest';
import { grouped, type Place } from './group';

const place = (source: string | null, items: string[]) => ({ link: { source, items } }) as unknown as Place;

test('what is said most often stands first, what nobody is named for last', () => {
  const places = [place('A', ['i1']), place(null, ['i1', 'i2']), place('B', ['i2']), place('B', [])];
  expect(grouped(places, (p) => (p.link.source ? [p.link.source] : [])).map(([k, v]) => [k, v.length])).toEqual([
    ['B', 2],
    ['A', 1],
    ['', 1],
  ]);
  expect(grouped(places, (p) => p.link.items ?? []).map(([k, v]) => [k, v.length])).toEqual([
    ['i1', 2],
    ['i2', 2],
    ['', 1],
  ]);
});
