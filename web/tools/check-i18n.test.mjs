import { expect, test } from 'vitest';
import { argumentsOf, compare, used } from './check-i18n.mjs';

test('arguments are compared by name and kind', () => {
  expect(argumentsOf('{n, plural, one {# item of {who}} other {# items}}')).toBe('{"n":"number","who":"text"}');
  expect(compare({ en: { a: '{n, number} left' }, fr: { a: 'il en reste {m, number}' } })).toEqual(['fr a: other arguments']);
});

test('missing, empty and broken messages are told', () => {
  expect(compare({ en: { a: 'x', b: 'y' }, fr: { a: 'x' } })).toEqual(['fr b: missing']);
  expect(compare({ en: { a: 'x' }, fr: { a: 'x', b: 'y' } })).toEqual(['en b: missing']);
  expect(compare({ en: { a: ' ' }, fr: { a: 'x' } })).toEqual(['en a: is empty']);
  expect(compare({ en: { a: '{n, plural, one {x}' }, fr: { a: 'x' } })).toHaveLength(1);
});

test('ids in the code are found, whole and as beginnings', () => {
  const { ids, beginnings } = used("t('evidence.a'); t(`evidence.type.${x}`); <T id=\"app.b\" />");
  expect([...ids]).toEqual(['evidence.a', 'app.b']);
  expect([...beginnings]).toEqual(['evidence.type.']);
  const other = used("may('evidence.tag'); useActions({ 'app.keys': f }); { id: 'app.hide' }; word('evidence.act', x)");
  expect([...other.ids]).toEqual([]);
  expect([...other.beginnings]).toEqual(['evidence.act.']);
});
