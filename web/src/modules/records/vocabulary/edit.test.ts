import { expect, test } from 'vitest';
import type { Vocabulary } from '../../../api/records';
import { draftOf, newLine, toSend, withTheirs, wrongOf } from './edit';

const channel: Vocabulary = {
  vocabulary: 'channel',
  version: 3,
  source: 'the office',
  label: { en: 'Channel', fr: 'Voie' },
  codes: [
    { code: 'media', en: 'Media', fr: 'Médias', inverse: { en: 'x', fr: 'y' } },
    { code: 'own', en: 'Own', fr: 'Propre', retired: true },
  ],
};

test('what is not shown in the table is kept; empty notes are not sent', () => {
  const draft = draftOf(channel);
  draft.lines[0]!.note = { en: ' ', fr: '' };
  expect(toSend(channel, draft)).toEqual(channel);
});

test('a line needs a code of its own and words in both languages', () => {
  const { lines } = draftOf(channel);
  const line = newLine();
  expect(wrongOf(line, [...lines, line])).toBe('records.vocabulary.wrong.code');
  Object.assign(line, { code: 'media', en: 'a', fr: 'b' });
  expect(wrongOf(line, [...lines, line])).toBe('records.vocabulary.wrong.twice');
  Object.assign(line, { code: 'radio', fr: '' });
  expect(wrongOf(line, [...lines, line])).toBe('records.vocabulary.wrong.words');
  Object.assign(line, { fr: 'Radio' });
  expect(wrongOf(line, [...lines, line])).toBeNull();
});

test('what only the other added comes along', () => {
  const draft = draftOf(channel);
  draft.lines[0]!.en = 'The media';
  const theirs = { ...channel, codes: [...channel.codes, { code: 'radio', en: 'Radio', fr: 'Radio' }] };
  const merged = withTheirs(draft, channel, theirs);
  expect(merged.lines.map((l) => l.code)).toEqual(['media', 'own', 'radio']);
  expect(merged.lines[0]!.en).toBe('The media');
});
