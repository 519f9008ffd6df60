// What the browser can tell about values before the server is asked: the same words beside the same fields.
import type { Field, Kind } from '../../../api/kinds';
import { isDate } from '../../../ui/fields/edtf';
import type { Label } from '../../../ui/label';
import { fieldsOf, holds, isFilled, isThere, type Values, type World } from './condition';

// A message of ours by its id, or one that came in both languages.
export type Message = { id: string; values?: Record<string, string | number> } | Label;
export type Wrong = { field: string; message: Message };

const say = (id: string, values?: Record<string, string | number>): Message => (values ? { id, values } : { id });

function number(field: Field, value: unknown): Message | null {
  if (typeof value !== 'number') return say(field.type === 'integer' ? 'records.wrong.integer' : 'records.wrong.number');
  if (field.min !== undefined && value < field.min) return say('records.wrong.min', { n: field.min });
  if (field.max !== undefined && value > field.max) return say('records.wrong.max', { n: field.max });
  return null;
}

function place(value: Record<string, unknown>): Message | null {
  const { lat, lon, radius_m: radius } = value;
  if (isFilled(lat) !== isFilled(lon)) return say('records.wrong.bothDegrees');
  if (isFilled(lat) && (typeof lat !== 'number' || Math.abs(lat) > 90)) return say('records.wrong.lat');
  if (isFilled(lon) && (typeof lon !== 'number' || Math.abs(lon) > 180)) return say('records.wrong.lon');
  if (!isFilled(lat) && !isFilled(value.name)) return say('records.wrong.place');
  return isFilled(radius) && (typeof radius !== 'number' || radius < 0) ? say('records.wrong.radius') : null;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    return true; // the server knows its own patterns
  }
}

// What is wrong with one value that is there.
function form(field: Field, value: unknown): Message | null {
  switch (field.type) {
    case 'integer':
    case 'number':
      return number(field, value);
    case 'date':
      return isDate(String(value)) ? null : say('records.wrong.date');
    case 'place':
      return place(value as Record<string, unknown>);
    case 'graded': {
      const { source, information } = value as Record<string, unknown>;
      return source && information ? null : say('records.wrong.grade');
    }
    case 'money':
      return /^-?\d+(\.\d{1,2})?$/.test(String((value as Record<string, unknown>).amount ?? '')) ? null : say('records.wrong.money');
    case 'text':
      return field.pattern && !matches(field.pattern, String(value)) ? say('records.wrong.pattern') : null;
    default:
      return null;
  }
}

// The lines of a table that have something in them; empty ones are not sent.
export const filledLines = (value: unknown) => (Array.isArray(value) ? (value as Values[]).filter(isFilled) : []);

function one(field: Field, value: unknown, at: string): Wrong[] {
  if (!isFilled(value)) return field.required ? [{ field: at, message: say('records.wrong.required') }] : [];
  if (field.type === 'rows') {
    return filledLines(value).flatMap((line, i) => (field.columns ?? []).flatMap((c) => (c.retired ? [] : one(c, line[c.name], `${at}[${i}].${c.name}`))));
  }
  const message = form(field, value);
  return message ? [{ field: at, message }] : [];
}

// `kept`: fields that are filled but not shown to this person; they count as filled.
export function check(kind: Kind, values: Values, world: World, kept: readonly string[] = []): Wrong[] {
  const wrong = kind.fields.filter((f) => isThere(f, values, world) && !kept.includes(f.name)).flatMap((f) => one(f, values[f.name], f.name));
  const bad = new Set(wrong.map((w) => w.field));
  for (const rule of kind.rules ?? []) {
    const fields = fieldsOf(rule.must);
    if (fields.some((f) => bad.has(f) || kept.includes(f)) || (rule.when && !holds(rule.when, values, world))) continue;
    if (!holds(rule.must, values, world)) wrong.push({ field: fields[0] ?? '', message: { en: rule.en, fr: rule.fr } });
  }
  return wrong;
}

// What is sent: only fields that are there, nothing empty, no empty lines.
export function toSend(kind: Kind, values: Values, world: World): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const field of kind.fields) {
    const value = field.type === 'rows' ? filledLines(values[field.name]) : values[field.name];
    if (isThere(field, values, world) && isFilled(value)) sent[field.name] = typeof value === 'string' && field.type !== 'long' ? value.trim() : value;
  }
  return sent;
}

// "steps[2].by" is an error of the field "steps".
export const topOf = (field: string) => field.split(/[[.]/)[0] ?? field;
