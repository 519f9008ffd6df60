// A vocabulary while it is edited: whole lines, of which what the table does not show (inverse, sources) is kept.
import type { Code } from '../../../api/kinds';
import type { Vocabulary } from '../../../api/records';

export type Line = Code & { key: number };
export type Draft = { source: string; lines: Line[] };

let last = 0;
export const lineOf = (code: Code): Line => ({ ...code, key: (last += 1) });
export const newLine = (): Line => lineOf({ code: '', en: '', fr: '' });
export const draftOf = (v: Vocabulary): Draft => ({ source: v.source, lines: v.codes.map(lineOf) });

const FORM = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

// What is wrong with a line, as the id of a message.
export function wrongOf(line: Line, lines: readonly Line[]): string | null {
  if (!FORM.test(line.code.trim())) return 'records.vocabulary.wrong.code';
  if (lines.some((l) => l.key !== line.key && l.code.trim() === line.code.trim())) return 'records.vocabulary.wrong.twice';
  if (!line.en.trim() || !line.fr.trim()) return 'records.vocabulary.wrong.words';
  return null;
}

export function toSend(v: Vocabulary, draft: Draft): Vocabulary {
  const codes = draft.lines.map(({ key, note, retired, parent, ...line }): Code => {
    void key; // known here only
    const said = note && (note.en.trim() || note.fr.trim());
    return {
      ...line,
      code: line.code.trim(),
      en: line.en.trim(),
      fr: line.fr.trim(),
      ...(said ? { note } : {}),
      ...(retired ? { retired } : {}),
      ...(parent?.trim() ? { parent: parent.trim() } : {}),
    };
  });
  return { vocabulary: v.vocabulary, version: v.version, source: draft.source.trim(), label: v.label, codes };
}

// Lines that two people changed: mine stays, and what only the other added comes along.
export function withTheirs(draft: Draft, base: Vocabulary, theirs: Vocabulary): Draft {
  const mine = new Map(draft.lines.map((l) => [l.code, l]));
  const before = new Set(base.codes.map((c) => c.code));
  const added = theirs.codes.filter((c) => !mine.has(c.code) && !before.has(c.code)).map(lineOf);
  return { source: draft.source, lines: [...draft.lines, ...added] };
}
