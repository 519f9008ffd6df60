// Dates as people know them: exact to a year, a month or a day, uncertain, or only within bounds. Extended Date/Time
// Format, level 1 (ISO 8601-2): "2019", "2019-03", "2019-03-05", "201X", "2019-XX", each with "?" (uncertain),
// "~" (approximate) or "%" (both); "A/B", "A/..", "../B".

export const MARKS = ['', '?', '~', '%'] as const;
export type Mark = (typeof MARKS)[number];
export type Shape = 'one' | 'between' | 'since' | 'until';
export type End = { text: string; mark: Mark };
export type Parts = { shape: Shape; a: End; b: End };

const NONE: End = { text: '', mark: '' };

function endOf(text: string): End {
  const mark = (MARKS as readonly string[]).includes(text.slice(-1)) && text !== '' ? (text.slice(-1) as Mark) : '';
  return { text: mark ? text.slice(0, -1) : text, mark };
}

// A value of the server, taken apart for the screen.
export function partsOf(value: string): Parts {
  const [a = '', b] = value.split('/');
  if (b === undefined) return { shape: 'one', a: endOf(a), b: NONE };
  if (b === '..') return { shape: 'since', a: endOf(a), b: NONE };
  if (a === '..') return { shape: 'until', a: NONE, b: endOf(b) };
  return { shape: 'between', a: endOf(a), b: endOf(b) };
}

const MONTHS: Record<string, number> = {};
[
  ['january', 'jan', 'janvier', 'janv'],
  ['february', 'feb', 'février', 'fevrier', 'févr', 'fév'],
  ['march', 'mar', 'mars'],
  ['april', 'apr', 'avril', 'avr'],
  ['may', 'mai'],
  ['june', 'jun', 'juin'],
  ['july', 'jul', 'juillet', 'juil'],
  ['august', 'aug', 'août', 'aout'],
  ['september', 'sep', 'sept', 'septembre'],
  ['october', 'oct', 'octobre'],
  ['november', 'nov', 'novembre'],
  ['december', 'dec', 'décembre', 'decembre', 'déc'],
].forEach((names, i) => names.forEach((n) => (MONTHS[n] = i + 1)));

const two = (n: number | string) => String(n).padStart(2, '0');

// What was typed, in the one spelling: "5/3/2019", "3/2019", "5 mars 2019" and "March 2019" are understood too; the
// day comes first. Null: not understood. A mark at the end is kept apart by the caller.
export function spell(typed: string): string | null {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (/^\d{2}(\d\d|\dx|xx)$/.test(text)) return text.toUpperCase();
  let m = /^(\d{4})-(\d\d?|xx)(?:-(\d\d?|xx))?$/.exec(text);
  if (m) return [m[1]!, two(m[2]!.toUpperCase()), ...(m[3] ? [two(m[3].toUpperCase())] : [])].join('-');
  m = /^(?:(\d\d?)[./])?(\d\d?)[./](\d{4})$/.exec(text);
  if (m) return [m[3]!, two(m[2]!), ...(m[1] ? [two(m[1])] : [])].join('-');
  m = /^(?:(\d\d?)(?:er|st|nd|rd|th)? )?([\p{L}]+)\.? (\d{4})$/u.exec(text);
  const month = m && MONTHS[m[2]!];
  if (m && month) return [m[3]!, two(month), ...(m[1] ? [two(m[1])] : [])].join('-');
  return null;
}

export type Days = { from: number; to: number }; // days since 1970; infinite where open

// The first of January. Date.UTC takes years below 100 for the 20th century, so whole cycles of 400 are counted apart.
function newYear(y: number): number {
  const base = ((((y - 2000) % 400) + 400) % 400) + 2000;
  return Date.UTC(base, 0, 1) / 86_400_000 + ((y - base) / 400) * 146_097;
}
const isLeap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
const daysIn = (y: number, m: number) => (m === 2 ? (isLeap(y) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31);
const dayOf = (y: number, m: number, d: number) => {
  let n = newYear(y);
  for (let i = 1; i < m; i += 1) n += daysIn(y, i);
  return n + d - 1;
};

function oneDays(text: string): Days | null {
  const m = /^(\d\d(?:\d\d|\dX|XX))(?:-(\d\d|XX)(?:-(\d\d|XX))?)?$/.exec(endOf(text).text);
  if (!m) return null;
  const first = Number(m[1]!.replaceAll('X', '0'));
  const last = Number(m[1]!.replaceAll('X', '9'));
  if (first < 1) return null;
  const open = first !== last;
  const month = m[2] && m[2] !== 'XX' ? Number(m[2]) : null;
  if (month !== null && (month < 1 || month > 12 || open)) return null;
  const monthTo = month ?? 12;
  const day = m[3] && m[3] !== 'XX' ? Number(m[3]) : null;
  if (day !== null && (month === null || day < 1 || day > daysIn(last, monthTo))) return null;
  return { from: dayOf(first, month ?? 1, day ?? 1), to: dayOf(last, monthTo, day ?? daysIn(last, monthTo)) };
}

// The first and the last day that may be meant; null where the text is no date.
export function daysOf(value: string): Days | null {
  const [a = '', b] = value.split('/');
  if (b === undefined) return oneDays(a);
  if (a === '..' && b === '..') return null;
  const from = a === '..' ? { from: -Infinity, to: -Infinity } : oneDays(a);
  const to = b === '..' ? { from: Infinity, to: Infinity } : oneDays(b);
  if (!from || !to || from.from > to.to) return null;
  return { from: from.from, to: to.to };
}

export const isDate = (value: string) => daysOf(value) !== null;
export const todayDay = () => Math.floor(Date.now() / 86_400_000);
export const dayText = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

// The value that the parts on the screen make: what is not understood is kept as it was typed, to be refused in words.
export function joined({ shape, a, b }: Parts): string {
  const end = (e: End) => {
    const own = endOf(e.text.trim());
    return e.text.trim() === '' ? '' : `${spell(own.text) ?? own.text}${own.mark || e.mark}`;
  };
  const [from, to] = [end(a), end(b)];
  if (shape === 'one') return from;
  if (shape === 'since') return from && `${from}/..`;
  if (shape === 'until') return to && `../${to}`;
  return from || to ? `${from || '..'}/${to || '..'}` : '';
}
