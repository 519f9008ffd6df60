// What a list is narrowed by. Filters of one field belong together: they are one chip, edited as one.
import type { Field, Filter, Kind, RecordQuery } from '../../../api/kinds';
import type { Label } from '../../../ui/label';
import { isFilled } from '../declare/condition';

export type Editor = 'codes' | 'yes_no' | 'dates' | 'numbers' | 'text' | 'names' | 'there';
export type Filterable = { name: string; label: Label | null; editor: Editor; field?: Field }; // label null: a message of ours

const EDITORS: Partial<Record<Field['type'], Editor>> = {
  coded: 'codes',
  yes_no: 'yes_no',
  date: 'dates',
  time: 'dates',
  integer: 'numbers',
  number: 'numbers',
  text: 'text',
  long: 'text',
  person: 'text',
  staff: 'names',
  reference: 'names',
};

// Whether records of the kind are found by the name of a person.
export const hasNames = (kind: Kind) => kind.fields.some((f) => !f.retired && !f.guard && (f.names ?? f.columns?.some((c) => c.names && !c.retired) ?? false));

// Sensitive fields are in no filter.
export function filterables(kind: Kind): Filterable[] {
  const own = kind.fields.filter((f) => !f.retired && !f.guard).map((f) => ({ name: f.name, label: { en: f.en, fr: f.fr }, editor: EDITORS[f.type] ?? 'there', field: f }) satisfies Filterable);
  const common: Filterable[] = [
    ...(kind.workflow ? [{ name: 'state', label: null, editor: 'codes' } as const] : []),
    ...own,
    ...(kind.cases.length > 1 ? [{ name: 'case', label: null, editor: 'codes' } as const] : []),
    { name: 'author', label: null, editor: 'names' },
    { name: 'made', label: null, editor: 'dates' },
    { name: 'changed', label: null, editor: 'dates' },
  ];
  return common;
}

const SORTED = new Set<Field['type']>(['text', 'integer', 'number', 'yes_no', 'date', 'time', 'coded', 'staff', 'person']);
export const isSortable = (field: Field) => SORTED.has(field.type) && !field.many && !field.guard;

// The name of a record is always among them.
export const listColumns = (kind: Kind) => {
  const shown = kind.fields.filter((f) => f.list && !f.retired && !f.guard);
  const name = kind.fields.find((f) => f.name === kind.name && !f.guard);
  return !name || shown.includes(name) ? shown : [name, ...shown];
};

export const EMPTY: RecordQuery = { filter: [], sort: ['-changed'], words: '' };

// The view that the office declares for what is asked, by its name in the list of views; empty: none.
export function viewOf(kind: Kind, { filter, sort, words, name }: RecordQuery): string {
  if (name) return '';
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const met = kind.views?.find((v) => same(v.filter ?? [], filter) && same(v.sort?.length ? v.sort : EMPTY.sort, sort) && (v.words ?? '') === words);
  return met ? `declared:${met.name}` : '';
}

export const fieldsInUse = (filter: readonly Filter[]) => [...new Set(filter.map((f) => f.field))];
export const filtersOf = (filter: readonly Filter[], field: string) => filter.filter((f) => f.field === field);

// Puts the filters of one field in the place of its former ones; without any the field leaves.
export function withFilters(filter: readonly Filter[], field: string, next: readonly Filter[]): Filter[] {
  const at = filter.findIndex((f) => f.field === field);
  const rest = filter.filter((f) => f.field !== field);
  return at < 0 ? [...rest, ...next] : [...rest.slice(0, at), ...next, ...rest.slice(at)];
}

export const valueOf = (filters: readonly Filter[], op: Filter['op']) => filters.find((f) => f.op === op)?.value;

// The codes that filters of a field ask for, whichever way they are written.
export const codesIn = (filters: readonly Filter[]) =>
  filters.flatMap((f) => (f.op === 'in' && Array.isArray(f.value) ? (f.value as string[]) : f.op === 'is' ? [String(f.value)] : []));

export const some = (field: string, parts: [Filter['op'], unknown][]): Filter[] => parts.flatMap(([op, value]) => (isFilled(value) ? [{ field, op, value }] : []));

// A header is clicked: first up, then down. Dates begin with the latest.
export function sortedBy(sort: readonly string[], name: string, latestFirst: boolean): string[] {
  const first = latestFirst ? `-${name}` : name;
  const second = latestFirst ? name : `-${name}`;
  return [sort[0] === first ? second : first];
}

export const sortOf = (sort: readonly string[], name: string): 'ascending' | 'descending' | 'none' =>
  sort[0] === name ? 'ascending' : sort[0] === `-${name}` ? 'descending' : 'none';
