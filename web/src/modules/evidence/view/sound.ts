// Seconds as a player shows them: "0:07", "1:02:09".
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

// One closed shape around the middle line at 100: up by the loudness, and back below. Silence keeps a thin line.
export function wavePath(peaks: readonly number[]): string {
  const up = peaks.map((p, i) => `L${i} ${100 - high(p)}L${i + 1} ${100 - high(p)}`).join('');
  const down = peaks.map((_, i) => peaks.length - 1 - i).map((i) => `L${i + 1} ${100 + high(peaks[i]!)}L${i} ${100 + high(peaks[i]!)}`).join('');
  return `M0 100${up}${down}Z`;
}

const high = (peak: number) => Math.max(1, Math.round((peak / 255) * 98));
