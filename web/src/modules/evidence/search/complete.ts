// Completion in the query box: names of fields, and the words that some fields take. See docs/query.md.

export const FIELDS = [
  'title', 'subject', 'from', 'to', 'cc', 'bcc', 'author', 'path', 'body',
  'type', 'date', 'size', 'lang', 'sha256', 'item', 'custodian', 'has', 'tag', 'issue', 'folder',
] as const; // prettier-ignore

const VALUES: Readonly<Record<string, readonly string[]>> = {
  type: ['pdf', 'mail', 'image', 'photo', 'video', 'audio', 'text', 'html', 'word', 'sheet', 'slides', 'archive', 'mailbox', 'chat', 'geo', 'database'],
  has: ['text', 'attachment', 'gps', 'ocr', 'date', 'duplicate', 'finding'],
};

export type Completion = { from: number; to: number; options: string[] };

const NOTHING: Completion = { from: 0, to: 0, options: [] };

// What may stand at the caret (counted in UTF-16 units, as fields do). Nothing inside a phrase, nor where the word
// is already whole.
export function complete(text: string, caret: number): Completion {
  const before = text.slice(0, caret);
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1) return NOTHING;
  const word = /(?:^|[\s(])-?([a-z0-9]*)$/.exec(before)?.[1];
  if (word) {
    const options = FIELDS.filter((f) => f.startsWith(word)).map((f) => `${f}:`);
    return options.length ? { from: caret - word.length, to: caret, options } : NOTHING;
  }
  const value = /(?:^|[\s(])([a-z0-9]+):([a-z]*)$/.exec(before);
  const known = value ? VALUES[value[1]!] : undefined;
  if (!value || !known) return NOTHING;
  const begun = value[2]!;
  const options = known.filter((v) => v.startsWith(begun) && v !== begun);
  return options.length ? { from: caret - begun.length, to: caret, options } : NOTHING;
}

// The text and the caret after an option was taken. A value is followed by a space, a field by its value.
export function accept(text: string, { from, to }: Completion, option: string): { text: string; caret: number } {
  const word = option.endsWith(':') ? option : `${option} `;
  const rest = word.endsWith(' ') ? text.slice(to).replace(/^ /, '') : text.slice(to);
  return { text: text.slice(0, from) + word + rest, caret: from + word.length };
}

// A position in characters, counted from 1 as the server counts, splits the query around the character it means.
export function around(text: string, position: number): { before: string; at: string; after: string } {
  const characters = Array.from(text);
  const i = Math.min(Math.max(position - 1, 0), characters.length);
  return { before: characters.slice(0, i).join(''), at: characters[i] ?? '', after: characters.slice(i + 1).join('') };
}
