import { expect, test } from 'vitest';
import { asked, NO_FILTER } from './asked';

test('days become moments, the last day included; what is empty stays empty', () => {
  expect(asked({ ...NO_FILTER, who: ' a ', from: '2026-01-02', to: '2026-01-03' })).toEqual({
    who: 'a',
    act: '',
    object: '',
    from: '2026-01-02T00:00:00Z',
    to: '2026-01-03T23:59:59Z',
  });
});
