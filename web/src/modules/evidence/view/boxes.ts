// Places on a picture, in ten-thousandths of it. They are of the picture, so left is left in every language.
import type { Box } from '../../../api/workspace';

export const WHOLE = 10_000;
export const ZOOM = [0.5, 0.75, 1, 1.5, 2, 3] as const;

export const zoomed = (index: number, by: 1 | -1) => Math.max(0, Math.min(ZOOM.length - 1, index + by));

const share = (n: number) => `${n / (WHOLE / 100)}%`;
export const placed = ([x, y, width, height]: readonly number[]) => ({ left: share(x!), top: share(y!), width: share(width!), height: share(height!) });

const whole = (n: number) => Math.round(Math.max(0, Math.min(1, n)) * WHOLE);

// The box between two corners, each told as shares of the picture from 0 to 1, whichever was first.
export function between(a: readonly [number, number], b: readonly [number, number]): Box {
  const x = whole(Math.min(a[0], b[0]));
  const y = whole(Math.min(a[1], b[1]));
  return [x, y, whole(Math.max(a[0], b[0])) - x, whole(Math.max(a[1], b[1])) - y];
}

// Whether the middle of a word lies in the box.
export function overlap(box: Box, word: readonly (number | string)[]): boolean {
  const [x, y, width, height] = word as [number, number, number, number];
  const middle = [x + width / 2, y + height / 2] as const;
  return middle[0] >= box[0] && middle[0] <= box[0] + box[2] && middle[1] >= box[1] && middle[1] <= box[1] + box[3];
}
