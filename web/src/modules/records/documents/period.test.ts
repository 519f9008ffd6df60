import { expect, test } from 'vitest';
import { spanOf } from './period';

test('a week runs from Monday to Sunday, over the ends of months and years', () => {
  expect(spanOf('week', '2026-11-28', 0)).toEqual({ from: '2026-11-23', to: '2026-11-29' });
  expect(spanOf('week', '2026-11-29', 1)).toEqual({ from: '2026-11-16', to: '2026-11-22' });
  expect(spanOf('week', '2026-01-01', 0)).toEqual({ from: '2025-12-29', to: '2026-01-04' });
});
test('a month and a year end on their last day', () => {
  expect(spanOf('month', '2024-03-31', 1)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  expect(spanOf('month', '2026-01-15', 1)).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  expect(spanOf('year', '2026-11-28', 1)).toEqual({ from: '2025-01-01', to: '2025-12-31' });
});
