import { expect, test } from 'vitest';
import { degrees, numberText, pair, spellNumber } from './numbers';

test('a decimal comma is one in French, thousands are one in English', () => {
  expect(spellNumber('1 234,5', 'fr')).toBe('1234.5');
  expect(spellNumber('1234.5', 'fr')).toBe('1234.5');
  expect(spellNumber('1,234.5', 'en')).toBe('1234.5');
  expect(spellNumber('1,5', 'en')).toBeNull();
  expect(spellNumber('-3', 'en')).toBe('-3');
  for (const wrong of ['', '1.2.3', 'a', '1,2,3', '--1']) expect(spellNumber(wrong, 'en')).toBeNull();
  expect(numberText(1.5, 'fr')).toBe('1,5');
});

test('degrees in every spelling', () => {
  expect(degrees('50.4501', 90)).toBe(50.4501);
  expect(degrees('50,4501', 90)).toBe(50.4501);
  expect(degrees('50°27′S', 90)).toBe(-50.45);
  expect(degrees('W 30 30', 180)).toBe(-30.5);
  expect(degrees('30°30\'0"O', 180)).toBe(-30.5);
  for (const wrong of ['', '91', '50°61′', 'north', '1 2 3 4']) expect(degrees(wrong, 90)).toBeNull();
});

test('a pair pasted at once', () => {
  expect(pair('50.45, 30.52')).toEqual({ lat: 50.45, lon: 30.52 });
  expect(pair('50,45 ; 30,52')).toEqual({ lat: 50.45, lon: 30.52 });
  expect(pair('50°27′N 30°30′E')).toEqual({ lat: 50.45, lon: 30.5 });
  expect(pair('50,45')).toBeNull();
  expect(pair('Kyiv')).toBeNull();
});
