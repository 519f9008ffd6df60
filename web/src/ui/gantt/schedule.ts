// When the tasks of a plan happen: each begins on its own day or when the last of those before it has ended. Days count
// from 1970; `to` is the last day. What really happened takes the place of what was meant, for those after it too.
export type Task = { code: string; title: string; begins: number | null; days: number; after: readonly string[]; done: boolean; actual?: { from: number; to: number } | null };
export type Placed = Task & { from: number | null; to: number | null; late: boolean; unknown: readonly string[] };

// `circle`: codes of tasks that wait for one another; those have no days.
export function schedule(tasks: readonly Task[], today: number): { placed: Placed[]; circle: string[] } {
  const byCode = new Map(tasks.map((t) => [t.code, t]));
  const ends = new Map<string, { from: number | null; to: number | null }>();
  const under = new Set<string>();
  const circle = new Set<string>();
  const place = (t: Task, path: readonly string[]): { from: number | null; to: number | null } => {
    const met = ends.get(t.code);
    if (met) return met;
    if (under.has(t.code)) {
      for (const c of path.slice(path.indexOf(t.code))) circle.add(c);
      return { from: null, to: null };
    }
    under.add(t.code);
    let from = t.begins;
    for (const code of t.after) {
      const before = byCode.get(code);
      if (!before) continue;
      const { to } = place(before, [...path, t.code]);
      if (to !== null) from = Math.max(from ?? -Infinity, to + 1);
    }
    under.delete(t.code);
    const out = t.actual ? { from: t.actual.from, to: t.actual.to } : from === null ? { from: null, to: null } : { from, to: from + Math.max(0, t.days - 1) };
    if (!circle.has(t.code)) ends.set(t.code, out);
    return circle.has(t.code) ? { from: null, to: null } : out;
  };
  const placed = tasks.map((t) => {
    const { from, to } = place(t, []);
    return { ...t, from, to, late: !t.done && to !== null && to < today, unknown: t.after.filter((c) => !byCode.has(c)) };
  });
  return { placed: placed.map((p) => (circle.has(p.code) ? { ...p, from: null, to: null, late: false } : p)), circle: [...circle] };
}

export const splitCodes = (text: unknown) => String(text ?? '').split(/[\s,;|]+/).filter(Boolean);

// The first days of months, few enough to be read.
export function months(from: number, to: number, most: number): number[] {
  const at = (year: number, month: number) => Math.floor(Date.UTC(year, month, 1) / 86_400_000);
  const first = new Date(from * 86_400_000);
  const all: number[] = [];
  for (let m = first.getUTCMonth(), y = first.getUTCFullYear(); at(y, m) <= to && all.length < 1200; m += 1) all.push(at(y, m));
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((s) => all.length / s <= most) ?? 240;
  return all.filter((d) => {
    const date = new Date(d * 86_400_000);
    return step <= 12 ? date.getUTCMonth() % step === 0 : date.getUTCMonth() === 0 && date.getUTCFullYear() % (step / 12) === 0;
  });
}
