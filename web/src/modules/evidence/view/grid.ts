// A sheet of a million rows is read in parts of a hundred: only those that are looked at are ever asked for.

export const PART = 100;
export const COLUMNS_SHOWN = 100;

export function partsFor(first: number, last: number, rows: number): number[] {
  if (rows <= 0 || last < first) return [];
  const from = Math.floor(Math.max(0, first) / PART);
  const to = Math.floor(Math.min(last, rows - 1) / PART);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

// A, B, …, Z, AA: as columns are named in a sheet.
export function columnName(index: number): string {
  let name = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

// The next row with a hit, from the beginning again behind the last; rows are sorted.
export function nextRow(hits: readonly number[], row: number | null, by: 1 | -1): number | null {
  if (hits.length === 0) return null;
  if (by === 1) return hits.find((h) => h > (row ?? -1)) ?? hits[0]!;
  return hits.findLast((h) => h < (row ?? Infinity)) ?? hits.at(-1)!;
}
