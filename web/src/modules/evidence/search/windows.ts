// A result of a million is read in windows of fifty: only those that are looked at are ever asked for.

export const WINDOW = 50;

// The windows that hold the rows from first to last.
export function windowsFor(first: number, last: number, total: number): number[] {
  if (total <= 0 || last < first) return [];
  const from = Math.floor(Math.max(0, first) / WINDOW);
  const to = Math.floor(Math.min(last, total - 1) / WINDOW);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

// The row at an index, out of the windows that have come so far.
export function rowAt<R>(windows: ReadonlyMap<number, readonly R[]>, index: number): R | undefined {
  return windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
}

export const clampRow = (index: number, total: number) => Math.max(0, Math.min(total - 1, index));
