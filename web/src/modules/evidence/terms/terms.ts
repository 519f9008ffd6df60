import type { TermCount } from '../../../api/workspace';

export const TERMS_MAX = 500;

// A line each, without spaces around and without empty lines.
export const termsIn = (text: string): string[] =>
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

// A value in a file of values: quoted, and never taken for a formula by a program that opens it.
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

export function csvOf(rows: readonly TermCount[]): string {
  const lines = rows.map((r, i) => [i + 1, r.term, ...(r.error === null ? [r.items, r.families, r.unique, r.with_families] : ['', '', '', '']), r.error ?? '']);
  return [['line', 'term', 'items', 'families', 'unique', 'items with families', 'error'], ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}
