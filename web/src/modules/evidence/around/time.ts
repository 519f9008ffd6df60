import type { Step, Timeline } from '../../../api/workspace';

const COLUMNS_MAX = 400;

// The next day, month or year, as ISO 8601 writes it.
export function after(at: string, by: Step): string {
  const [year, month = 1, day = 1] = at.split('-').map(Number) as [number, number?, number?];
  const next = new Date(Date.UTC(2000, month - 1, day));
  next.setUTCFullYear(year);
  if (by === 'day') next.setUTCDate(day + 1);
  else if (by === 'month') next.setUTCMonth(month);
  else next.setUTCFullYear(year + 1);
  return next.toISOString().slice(0, { day: 10, month: 7, year: 4 }[by]);
}

// Time without results is part of the picture: empty columns between the full ones, unless they were too many to draw.
export function filled({ by, counts }: Timeline): { at: string; count: number }[] {
  const all: { at: string; count: number }[] = [];
  for (const c of counts) {
    for (let at = all.length ? after(all.at(-1)!.at, by) : c.at; at < c.at; at = after(at, by)) {
      if (all.length >= COLUMNS_MAX) return counts.slice(-COLUMNS_MAX);
      all.push({ at, count: 0 });
    }
    all.push(c);
  }
  return all.length > COLUMNS_MAX ? counts.slice(-COLUMNS_MAX) : all;
}
