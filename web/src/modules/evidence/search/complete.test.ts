import { expect, test } from 'vitest';
import { accept, around, complete } from './complete';

const options = (text: string, caret = text.length) => complete(text, caret).options;

test('fields are completed at the beginning of a word', () => {
  expect(options('ti')).toEqual(['title:']);
  expect(options('village (s')).toEqual(['subject:', 'size:', 'sha256:']);
  expect(options('village s', 3)).toEqual([]);
  expect(options('')).toEqual([]);
  expect(options('=ti')).toEqual([]);
});

test('values are completed behind their field, and only where there is something to add', () => {
  expect(options('has:g')).toEqual(['gps']);
  expect(options('type:').length).toBe(16);
  expect(options('has:gps')).toEqual([]);
  expect(options('title:g')).toEqual([]);
});

test('inside a phrase nothing is offered', () => {
  expect(options('"war cri')).toEqual([]);
  expect(options('"war crimes" ti')).toEqual(['title:']);
});

test('what is taken replaces the word begun', () => {
  expect(accept('a ti b', complete('a ti b', 4), 'title:')).toEqual({ text: 'a title: b', caret: 8 });
  expect(accept('has:g', complete('has:g', 5), 'gps')).toEqual({ text: 'has:gps ', caret: 8 });
});

test('positions are counted in characters, not in UTF-16 units', () => {
  expect(around('😀 (x', 3)).toEqual({ before: '😀 ', at: '(', after: 'x' });
  expect(around('قرية (', 6)).toEqual({ before: 'قرية ', at: '(', after: '' });
  expect(around('abc', 4)).toEqual({ before: 'abc', at: '', after: '' });
  expect(around('abc', 99)).toEqual({ before: 'abc', at: '', after: '' });
});
