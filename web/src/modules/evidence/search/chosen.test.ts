import { expect, test } from 'vitest';
import { toggled } from './chosen';

test('a facet is added, joined, and leaves no empty list behind', () => {
  expect(toggled({}, 'type', 'pdf')).toEqual({ type: ['pdf'] });
  expect(toggled({ type: ['pdf'] }, 'type', 'mail')).toEqual({ type: ['pdf', 'mail'] });
  expect(toggled({ type: ['pdf'], year: ['2019'] }, 'type', 'pdf')).toEqual({ year: ['2019'] });
});
