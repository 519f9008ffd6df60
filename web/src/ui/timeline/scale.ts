// Days on a line: which pixel a day is at, where the ticks are, and in which row a bar finds room.

export type Window = { from: number; to: number }; // days since 1970

export const xOf = (day: number, w: Window, width: number) => ((day - w.from) / (w.to - w.from)) * width;

// A window that shows everything, with a little air on both sides; open ends do not widen it.
export function windowOf(spans: readonly { from: number; to: number }[]): Window {
  const ends = spans.flatMap((s) => [s.from, s.to]).filter(Number.isFinite);
  if (ends.length === 0) return { from: 0, to: 365 };
  const from = ends.reduce((a, b) => Math.min(a, b));
  const to = ends.reduce((a, b) => Math.max(a, b));
  const air = Math.max(5, (to - from) * 0.04);
  return { from: from - air, to: to + air };
}

export function zoomed(w: Window, factor: number, at = (w.from + w.to) / 2): Window {
  const span = Math.min(400_000, Math.max(7, (w.to - w.from) * factor));
  const share = (at - w.from) / (w.to - w.from);
  return { from: at - span * share, to: at + span * (1 - share) };
}

export const moved = (w: Window, by: number): Window => ({ from: w.from + by, to: w.to + by });

export type Tick = { day: number; year: number; month: number | null; date: number | null };
const utc = (y: number, m: number, d = 1) => {
  const date = new Date(0);
  date.setUTCFullYear(y, m, d);
  return date.getTime() / 86_400_000;
};

// At most about twelve ticks: days, months, years, decades or centuries.
export function ticks(w: Window): Tick[] {
  const span = w.to - w.from;
  const first = new Date(w.from * 86_400_000);
  const found: Tick[] = [];
  if (span <= 45) {
    const step = Math.max(1, Math.ceil(span / 10));
    for (let day = Math.ceil(w.from); day <= w.to; day += step) {
      const d = new Date(day * 86_400_000);
      found.push({ day, year: d.getUTCFullYear(), month: d.getUTCMonth(), date: d.getUTCDate() });
    }
    return found;
  }
  if (span <= 900) {
    const step = span <= 400 ? 1 : 3;
    for (let m = 0; ; m += 1) {
      const month = first.getUTCMonth() + m;
      const day = utc(first.getUTCFullYear(), month);
      if (day > w.to) return found;
      if (day >= w.from && month % step === 0) found.push({ day, year: first.getUTCFullYear() + Math.floor(month / 12), month: month % 12, date: null });
    }
  }
  const years = span / 365.25;
  const step = [1, 2, 5, 10, 20, 50, 100].find((s) => years / s <= 12) ?? 200;
  for (let year = Math.ceil(first.getUTCFullYear() / step) * step; utc(year, 0) <= w.to; year += step) {
    if (utc(year, 0) >= w.from) found.push({ day: utc(year, 0), year, month: null, date: null });
  }
  return found;
}

// The rows of bars that would cover one another: each goes into the first row that is free at its beginning; -1 where
// no row is left.
export function rowsOf(bars: readonly { left: number; right: number }[], gap: number, most: number): number[] {
  const ends: number[] = [];
  return bars.map(({ left, right }) => {
    let row = ends.findIndex((end) => end + gap <= left);
    if (row < 0 && ends.length >= most) return -1;
    if (row < 0) row = ends.length;
    ends[row] = Math.max(ends[row] ?? -Infinity, right);
    return row;
  });
}
