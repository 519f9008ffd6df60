// Months as weeks of days, "2026-11-27" each.
const DAY = 86_400_000;
const text = (at: number) => new Date(at).toISOString().slice(0, 10);

export const dayBy = (day: string, by: number) => text(Date.parse(day) + by * DAY);
export const monthBy = (month: string, by: number) => {
  const [year = 0, m = 1] = month.split('-').map(Number);
  return text(Date.UTC(year, m - 1 + by, 1)).slice(0, 7);
};
export const today = () => text(Date.now());

// Whole weeks from Monday (ISO 8601) that hold the month.
export function gridOf(month: string): string[][] {
  const first = Date.parse(`${month}-01`);
  const last = Date.parse(`${monthBy(month, 1)}-01`) - DAY;
  const weekday = (at: number) => (new Date(at).getUTCDay() + 6) % 7;
  const weeks: string[][] = [];
  for (let at = first - weekday(first) * DAY; at <= last; at += 7 * DAY) weeks.push(Array.from({ length: 7 }, (_, i) => text(at + i * DAY)));
  return weeks;
}

export const daysOfMonth = (month: string) => Math.round((Date.parse(`${monthBy(month, 1)}-01`) - Date.parse(`${month}-01`)) / DAY);
