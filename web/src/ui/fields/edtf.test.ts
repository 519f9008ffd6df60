import { expect, test } from 'vitest';
import { dayText, daysOf, isDate, joined, partsOf, spell } from './edtf';

test('what people type becomes the one spelling; the day comes first', () => {
  expect(spell('2019')).toBe('2019');
  expect(spell('201x')).toBe('201X');
  expect(spell('2019-3')).toBe('2019-03');
  expect(spell('5/3/2019')).toBe('2019-03-05');
  expect(spell('03.2019')).toBe('2019-03');
  expect(spell('5 mars 2019')).toBe('2019-03-05');
  expect(spell('1er août 2019')).toBe('2019-08-01');
  expect(spell('March 2019')).toBe('2019-03');
  expect(spell('2019-XX')).toBe('2019-XX');
  for (const wrong of ['soon', '19', '5/3', '2019-03-05T10:00', '32 smarch 2019']) expect(spell(wrong)).toBeNull();
});

test('the days that may be meant', () => {
  const days = (v: string) => {
    const d = daysOf(v);
    return d && [d.from, d.to].map((n) => (Number.isFinite(n) ? dayText(n) : n));
  };
  expect(days('2019-02')).toEqual(['2019-02-01', '2019-02-28']);
  expect(days('2020-02')).toEqual(['2020-02-01', '2020-02-29']);
  expect(days('201X')).toEqual(['2010-01-01', '2019-12-31']);
  expect(days('2019-03-05?')).toEqual(['2019-03-05', '2019-03-05']);
  expect(days('2019-03/2019-05~')).toEqual(['2019-03-01', '2019-05-31']);
  expect(days('2019/..')).toEqual(['2019-01-01', Infinity]);
  expect(days('../1945-05-08')).toEqual([-Infinity, '1945-05-08']);
  expect(dayText(daysOf('0044-03-15')!.from)).toBe('0044-03-15');
  for (const wrong of ['', '2019-13', '2019-02-29', '2020/2019', '../..', '0000', '2019-03-05T1', '201X-03']) expect(isDate(wrong)).toBe(false);
});

test('taken apart and put together again, a value is the same', () => {
  for (const v of ['2019', '2019-03?', '2019-03-05%', '2019-03/2019-05~', '2019-03/..', '../2020', '201X']) expect(joined(partsOf(v))).toBe(v);
  expect(joined({ shape: 'between', a: { text: '3/2019', mark: '~' }, b: { text: 'mai 2019', mark: '' } })).toBe('2019-03~/2019-05');
  expect(joined({ shape: 'one', a: { text: ' ', mark: '?' }, b: { text: '', mark: '' } })).toBe('');
  expect(joined({ shape: 'one', a: { text: '2019?', mark: '' }, b: { text: '', mark: '' } })).toBe('2019?');
});
