// The conditions of a declaration, asked in the browser so that a form can follow; the server asks them again.
import type { Condition, Field, Kind } from '../../../api/kinds';
import { daysOf, todayDay } from '../../../ui/fields/edtf';

export type Values = Readonly<Record<string, unknown>>;
export type World = { state: string | null; today?: number };

export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' ? Object.values(value).some(isFilled) : true;
}

const same = (a: unknown, b: unknown) => (Array.isArray(a) ? a.includes(b) : a === b);

// A date compares by its earliest day on the left and its latest on the right: only what is certain is refused.
function notAfter(values: Values, [left, right]: [string, string], today: number): boolean {
  const a = values[left];
  const b = values[right];
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  const from = typeof a === 'string' ? daysOf(a.slice(0, a.includes('T') ? 10 : undefined)) : null;
  const to = right === 'today' ? { to: today } : typeof b === 'string' ? daysOf(b.slice(0, b.includes('T') ? 10 : undefined)) : null;
  return !from || !to || from.from <= to.to;
}

export function holds(c: Condition, values: Values, world: World): boolean {
  const today = world.today ?? todayDay();
  if ('filled' in c) return isFilled(values[c.filled]);
  if ('is' in c) return same(values[c.is[0]], c.is[1]);
  if ('in' in c) return c.in[1].some((v) => same(values[c.in[0]], v));
  if ('at_least' in c) return typeof values[c.at_least[0]] === 'number' && (values[c.at_least[0]] as number) >= c.at_least[1];
  if ('at_most' in c) return typeof values[c.at_most[0]] === 'number' && (values[c.at_most[0]] as number) <= c.at_most[1];
  if ('not_after' in c) return notAfter(values, c.not_after, today);
  if ('state' in c) return world.state !== null && c.state.includes(world.state);
  if ('not' in c) return !holds(c.not, values, world);
  if ('all' in c) return c.all.every((x) => holds(x, values, world));
  return c.any.some((x) => holds(x, values, world));
}

// The fields that a condition speaks of.
export function fieldsOf(c: Condition): string[] {
  if ('filled' in c) return [c.filled];
  if ('is' in c) return [c.is[0]];
  if ('in' in c) return [c.in[0]];
  if ('at_least' in c) return [c.at_least[0]];
  if ('at_most' in c) return [c.at_most[0]];
  if ('not_after' in c) return c.not_after.filter((f) => f !== 'today');
  if ('state' in c) return [];
  if ('not' in c) return fieldsOf(c.not);
  return ('all' in c ? c.all : c.any).flatMap(fieldsOf);
}

export const isThere = (field: Field, values: Values, world: World) => !field.retired && (!field.when || holds(field.when, values, world));

export const fieldNamed = (kind: Kind, name: string) => kind.fields.find((f) => f.name === name);

// The fields in the order of their sections; what no section names comes last.
export function sectionsOf(kind: Kind): { label: { en: string; fr: string } | null; fields: Field[] }[] {
  const named = new Set(kind.sections.flatMap((s) => s.fields));
  const rest = kind.fields.filter((f) => !f.retired && !named.has(f.name));
  const sections: { label: { en: string; fr: string } | null; fields: Field[] }[] = kind.sections.map((s) => ({
    label: { en: s.en, fr: s.fr },
    fields: s.fields.flatMap((n) => kind.fields.filter((f) => f.name === n && !f.retired)),
  }));
  return rest.length ? [...sections, { label: null, fields: rest }] : sections;
}
