import { expect, test } from 'vitest';
import { daysOf } from '../../../ui/fields/edtf';
import { check, toSend, topOf } from './check';
import { fieldNamed, fieldsOf, holds, isThere, sectionsOf } from './condition';
import { LEAD } from './lead.fixture';

const world = { state: 'draft', today: daysOf('2026-11-27')!.to };
const good = { title: 'A lead', received: '2026-11-20', account: 'Said so.' };

test('every condition', () => {
  const v = { a: 1, s: 'x', many: ['p', 'q'], none: '', d: '2019', e: '2019-03-05' };
  const is = (c: Parameters<typeof holds>[0]) => holds(c, v, world);
  expect(is({ filled: 'a' })).toBe(true);
  expect(is({ filled: 'none' })).toBe(false);
  expect(is({ is: ['many', 'q'] })).toBe(true);
  expect(is({ in: ['s', ['y', 'x']] })).toBe(true);
  expect(is({ at_least: ['a', 2] })).toBe(false);
  expect(is({ at_most: ['a', 1] })).toBe(true);
  expect(is({ at_least: ['missing', 0] })).toBe(false);
  expect(is({ state: ['draft'] })).toBe(true);
  expect(is({ not: { all: [{ filled: 'a' }, { any: [{ filled: 'none' }] }] } })).toBe(true);
  expect(fieldsOf({ all: [{ filled: 'a' }, { not_after: ['d', 'today'] }] })).toEqual(['a', 'd']);
});

test('a date is refused only where it certainly comes after', () => {
  const after = (d: string, e: string) => !holds({ not_after: ['d', 'e'] }, { d, e }, world);
  expect(after('2019', '2019-03-05')).toBe(false);
  expect(after('2019-04', '2019-03-05')).toBe(true);
  expect(after('2019-04/..', '2019-03')).toBe(true);
  expect(after('2019-04', '2019')).toBe(false);
  expect(after('', '2019')).toBe(false);
  expect(holds({ not_after: ['d', 'today'] }, { d: '2027' }, world)).toBe(false);
});

test('a field with a condition comes and goes, and what it held is not sent', () => {
  const why = fieldNamed(LEAD, 'why_urgent')!;
  expect(isThere(why, { urgent: true }, world)).toBe(true);
  expect(isThere(why, {}, world)).toBe(false);
  expect(toSend(LEAD, { ...good, why_urgent: 'left over' }, world)).toEqual(good);
  expect(check(LEAD, { ...good, urgent: true }, world).map((w) => w.field)).toEqual(['why_urgent']);
});

test('what is wrong, beside its field', () => {
  expect(check(LEAD, good, world)).toEqual([]);
  expect(check(LEAD, {}, world).map((w) => w.field)).toEqual(['title', 'received', 'account']);
  const wrong = check(LEAD, { ...good, received: 'soon', deaths: -1, place: { lat: 50 }, grade: { source: 'A' }, costs: { amount: '1.234', currency: 'EUR' }, steps: [{}, { by: '2020' }] }, world);
  expect(wrong.map((w) => w.field)).toEqual(['received', 'grade', 'place', 'deaths', 'costs', 'steps[0].step']);
  expect(topOf('steps[0].step')).toBe('steps');
});

test('a rule of the kind speaks in its own words', () => {
  const [wrong] = check(LEAD, { ...good, received: '2027-01' }, world);
  expect(wrong).toMatchObject({ field: 'received', message: { en: expect.stringContaining('future') } });
  expect(check(LEAD, { ...good, happened: '2026-11-21' }, world).map((w) => w.field)).toEqual(['happened']);
});

test('what is filled but not shown counts as filled', () => {
  const kind = { ...LEAD, fields: LEAD.fields.map((f) => (f.name === 'contact' ? { ...f, required: true } : f)) };
  expect(check(kind, good, world).map((w) => w.field)).toEqual(['contact']);
  expect(check(kind, good, world, ['contact'])).toEqual([]);
});

test('empty lines of a table are not sent', () => {
  expect(toSend(LEAD, { ...good, steps: [{}, { step: 'Call' }, { step: '' }] }, world).steps).toEqual([{ step: 'Call' }]);
});

test('sections hold every field once', () => {
  const names = sectionsOf(LEAD).flatMap((s) => s.fields.map((f) => f.name));
  expect(names.toSorted()).toEqual(LEAD.fields.map((f) => f.name).toSorted());
  expect(sectionsOf({ ...LEAD, sections: LEAD.sections.slice(1) }).at(-1)!.label).toBeNull();
});
