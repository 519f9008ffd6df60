import { expect, test } from 'vitest';
import { groupOf } from './typeWord';

test('media types fall into the groups of the query language', () => {
  expect(groupOf('application/pdf')).toBe('pdf');
  expect(groupOf('text/csv')).toBe('sheet');
  expect(groupOf('text/plain')).toBe('text');
  expect(groupOf('application/vnd.ms-outlook-pst')).toBe('mailbox');
  expect(groupOf('application/vnd.ms-outlook')).toBe('mail');
  expect(groupOf('application/octet-stream')).toBeUndefined();
});
