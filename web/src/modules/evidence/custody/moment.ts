// A civil time and its offset from UTC, as they are written down together.

// "+01:00" for a number of minutes east of Greenwich.
export function offsetText(minutes: number): string {
  const n = Math.abs(minutes);
  const two = (v: number) => String(v).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(n / 60))}:${two(n % 60)}`;
}

// All that are in use somewhere, in order, and the one of this computer.
export function offsets(own: number): string[] {
  const minutes = new Set([own]);
  for (let m = -720; m <= 840; m += 30) minutes.add(m);
  for (const odd of [345, 525, 765]) minutes.add(odd);
  return [...minutes].toSorted((a, b) => a - b).map(offsetText);
}

export const localNow = (now: Date) => new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

// "2026-11-20T10:15" and "+01:00" -> "2026-11-20T10:15:00+01:00"
export const moment = (civil: string, offset: string) => (civil.length === 16 ? `${civil}:00` : civil) + offset;
