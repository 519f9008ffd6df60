import { expect, test } from 'vitest';
import { countHits, fileName, lineOf, lines, pieces, plain, visible } from './text';

const joined = (text: string) => pieces(text).map((p) => p.text).join('');

test('marks become pieces, numbered', () => {
  expect(pieces('a \u0002b\u0003 c \u0002d\u0003')).toEqual([
    { text: 'a ', hit: null },
    { text: 'b', hit: 0 },
    { text: ' c ', hit: null },
    { text: 'd', hit: 1 },
  ]);
  expect(countHits('a \u0002b\u0003 c \u0002d\u0003')).toBe(2);
  expect(countHits('nothing')).toBe(0);
  expect(countHits('\u0002all\u0003')).toBe(1);
});

test('unpaired and nested marks lose no letter', () => {
  expect(pieces('\u0003a\u0002b')).toEqual([{ text: 'a', hit: null }, { text: 'b', hit: 0 }]);
  expect(pieces('\u0002a\u0002b\u0003c\u0003d').map((p) => p.hit)).toEqual([0, 0, null, null]);
  expect(pieces('')).toEqual([]);
});

test('whatever comes, the letters stay the same', () => {
  const alphabet = ['\u0002', '\u0003', 'a', '<', '\n', 'ع', '😀', ' '];
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: next() % 30 }, () => alphabet[next() % alphabet.length]).join('');
    expect(joined(text)).toBe(plain(text));
    expect(lines(text).map((l) => l.map((p) => p.text).join('')).join('\n')).toBe(plain(text));
  }
});

test('a hit over two lines keeps its number', () => {
  expect(lines('x \u0002a\nb\u0003')).toEqual([
    [{ text: 'x ', hit: null }, { text: 'a', hit: 0 }],
    [{ text: 'b', hit: 0 }],
  ]);
});

test('the line of a hit is found', () => {
  const all = lines('a\n\u0002b\u0003\nc \u0002d\u0003');
  expect([lineOf(all, 0), lineOf(all, 1), lineOf(all, null), lineOf(all, 9)]).toEqual([1, 2, 0, 0]);
});

test('characters that turn a name round are shown', () => {
  expect(visible('photo\u202egpj.exe')).toBe('photo⟨U+202E⟩gpj.exe');
  expect(visible('a\u0007b')).toBe('a⟨U+0007⟩b');
  expect(visible('قرية.pdf')).toBe('قرية.pdf');
});

test('the last part of a path', () => {
  expect(fileName('box.pst/Inbox/17/a.pdf')).toBe('a.pdf');
  expect(fileName('folder/')).toBe('folder');
});
