// Text of evidence on its way to the screen. The server marks hits with U+0002 (opens) and U+0003 (closes);
// nothing here ever becomes HTML, and whatever stands unpaired is dropped without losing a letter.

export type Piece = { text: string; hit: number | null };

const OPEN = '\u0002';
const CLOSE = '\u0003';

// Splits at the marks; hits are numbered from 0. A mark inside a hit, or a close without an open, is left out.
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let hit = -1;
  let inside = false;
  let from = 0;
  const take = (to: number) => {
    if (to > from) found.push({ text: text.slice(from, to), hit: inside ? hit : null });
    from = to + 1;
  };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c !== OPEN && c !== CLOSE) continue;
    take(i);
    if (c === OPEN && !inside) hit += 1;
    inside = c === OPEN;
  }
  take(text.length);
  return found;
}

export const countHits = (text: string) => 1 + pieces(text).reduce((most, p) => Math.max(most, p.hit ?? -1), -1);

// The same pieces by line, so that every line finds its own direction of writing. A hit may go over several lines.
export function lines(text: string): Piece[][] {
  const found: Piece[][] = [[]];
  for (const piece of pieces(text)) {
    const parts = piece.text.split(/\r\n|\r|\n/);
    parts.forEach((part, i) => {
      if (i > 0) found.push([]);
      if (part) found.at(-1)!.push({ text: part, hit: piece.hit });
    });
  }
  return found;
}

// The line of a hit, or the first.
export const lineOf = (all: readonly Piece[][], hit: number | null) =>
  Math.max(0, hit === null ? 0 : all.findIndex((line) => line.some((p) => p.hit === hit)));

export const plain = (text: string) => text.replaceAll(OPEN, '').replaceAll(CLOSE, '');

// Control characters, and those that turn the direction of writing, shown by their numbers: a name such as
// "photo<U+202E>gpj.exe" must not pass for another.
export function visible(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return plain(name).replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) =>
    `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

export const fileName = (path: string) => path.split('/').findLast((part) => part !== '') ?? path;
