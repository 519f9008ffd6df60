import { expect, test } from 'vitest';
import { outlineOf } from './outline';
import { lineOf, placeIn } from './place';

const TEXT = `{"template": "t", "title": {"en": "a \\"}\\" b", "fr": "x"},
 "blocks": [
  {"block": "paragraph", "en": "x", "fr": "x"},
  {"block": "each", "of": {"kind": "count", "field": "person"}, "blocks": [
    {"block": "paragraph", "en": "{titel}", "fr": "y"}]}]}`;

const at = (message: string) => {
  const offset = placeIn(TEXT, message);
  return offset === null ? null : { ...lineOf(TEXT, offset), text: TEXT.slice(offset, offset + 9) };
};

test('a refusal is found in the text by the place that it names', () => {
  expect(at('template t.blocks[1].blocks[0].en: count has no field')).toMatchObject({ line: 5, text: '"{titel}"' });
  expect(at('template t.blocks[1].of: count.person does not refer to')).toMatchObject({ line: 4, text: '{"kind": ' });
  expect(at('template t.title.en: x')).toMatchObject({ line: 1, text: '"a \\"}\\" ' });
});
test('a place that is not there leads as far as there is something', () => {
  expect(at('template t.blocks[1].columns[0]: a table has')).toMatchObject({ line: 4, text: '{"block":' });
  expect(at('template t: it has no blocks')).toMatchObject({ line: 1, column: 1 });
});
test('an error of syntax is found by line and column, another not at all', () => {
  expect(at('not JSON at line 3, column 4: syntax error')).toMatchObject({ line: 3, column: 4 });
  expect(at('somebody else has changed this template')).toBeNull();
});
test('an outline has a line a block, indented by what repeats it', () => {
  const lines = outlineOf(JSON.parse(TEXT), 'en');
  expect(lines.map((l) => [l.depth, l.block, l.text])).toEqual([
    [0, 'paragraph', 'x'],
    [0, 'each', 'count (person)'],
    [1, 'paragraph', '{titel}'],
  ]);
});
