import { expect, test } from 'vitest';
import { csvOf, termsIn } from './terms';

test('a list has a term a line, whatever ends the lines', () => {
  expect(termsIn('\ufeffvillage\r\n  "quarry road" \n\n\rcamp')).toEqual(['village', '"quarry road"', 'camp']);
});

test('a report is a file of values in which no term becomes a formula', () => {
  const csv = csvOf([
    { term: '=village', items: 3, families: 2, unique: 1, with_families: 4, error: null },
    { term: 'a "b', items: 0, families: 0, unique: 0, with_families: 0, error: 'position 3: a closing quotation mark' },
  ]);
  expect(csv.split('\r\n').slice(1, 3)).toEqual([`1,"'=village",3,2,1,4,""`, `2,"a ""b","","","","","position 3: a closing quotation mark"`]);
});
