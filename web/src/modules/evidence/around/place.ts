// A place that narrows a search: "south,west,north,east" in degrees.

const five = (n: number) => Math.round(n * 1e5) / 1e5;

// A box that surely holds what it was made of, though the numbers are cut.
export function boxOf([south, west, north, east]: readonly [number, number, number, number]): string {
  const edge = 0.00001;
  return [five(Math.max(-90, south - edge)), five(Math.max(-180, west - edge)), five(Math.min(90, north + edge)), five(Math.min(180, east + edge))].join(',');
}

const degrees = (n: number, positive: string, negative: string) => `${Math.abs(n).toFixed(3)}° ${n < 0 ? negative : positive}`;
export const pointWords = (latitude: number, longitude: number) => `${degrees(latitude, 'N', 'S')}, ${degrees(longitude, 'E', 'W')}`;

// Its middle when it is small, else its corners.
export function placeWords(box: string): string {
  const [south, west, north, east] = box.split(',').map(Number) as [number, number, number, number];
  if (north - south < 0.05 && east - west < 0.05) return pointWords((south + north) / 2, (west + east) / 2);
  return `${pointWords(south, west)} – ${pointWords(north, east)}`;
}

// Cells of about an eighth of what is seen, so that a picture has some dozens of points and not thousands.
export const cellFor = (degreesSeen: number) => Math.max(0.0005, Math.min(45, degreesSeen / 32));
