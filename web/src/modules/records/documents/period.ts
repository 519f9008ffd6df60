// Whole weeks, months and years, as days: the one before today's, and that of today.
import type { Period } from '../../../api/templates';

export type Span = { from: string; to: string };
const day = (d: Date) => d.toISOString().slice(0, 10);
const utc = (y: number, m: number, d: number) => new Date(Date.UTC(y, m, d));

export function spanOf(period: Exclude<Period, 'any'>, today: string, back: number): Span {
  const [y, m, d] = today.split('-').map(Number) as [number, number, number];
  if (period === 'year') return { from: day(utc(y - back, 0, 1)), to: day(utc(y - back, 11, 31)) };
  if (period === 'month') return { from: day(utc(y, m - 1 - back, 1)), to: day(utc(y, m - back, 0)) };
  const monday = d - ((utc(y, m - 1, d).getUTCDay() + 6) % 7) - 7 * back;
  return { from: day(utc(y, m - 1, monday)), to: day(utc(y, m - 1, monday + 6)) };
}
