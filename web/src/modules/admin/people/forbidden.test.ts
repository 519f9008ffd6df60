import { expect, test } from 'vitest';
import { forbiddenAmong } from './data';

test('only pairs that are chosen together are told', () => {
  const roles = { roles: [], organs: [], forbidden_together: [['auditor', 'administrator'], ['a', 'b']] as [string, string][] };
  expect(forbiddenAmong(roles, ['auditor', 'a'])).toEqual([]);
  expect(forbiddenAmong(roles, ['administrator', 'auditor', 'a'])).toEqual([['auditor', 'administrator']]);
  expect(forbiddenAmong(undefined, ['a', 'b'])).toEqual([]);
});
