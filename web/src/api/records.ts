// Records of every kind: what the server answers, and every operation that a screen uses (docs/formats/records.md).
import { at, call, fetchFile, get, getTagged, params, post, put, remove } from './client';
import type { Kind, KindRow, RecordQuery } from './kinds';
import type {
  Comment, Count, FoundRecord, InboxTask, LineError, Notice, Operations, Point, Reader, RecordShown as Rec, RecordRow as Row, RecordVersion as Version, Span, Suggestion, TimeLimit, Values, Vocabulary,
  VocabularyRow, VocabularyVersion, Who,
} from './schema';

export type {
  Card, Comment, DayEntry, FoundRecord, InboxTask, Likeness, LineError, Move, Notice, Point, Reader, RecordShown as Rec, RecordLink, RecordRow as Row, RecordVersion as Version, Span, Suggestion, Task, TimeLimit,
  Values, Vocabulary, VocabularyRow, VocabularyVersion, Who,
} from './schema';
export type FieldError = Omit<LineError, 'line' | 'value'>;
export type ImportAnswer = Operations['record.import']['gives'];
export type Board = Operations['record.board']['gives'];
export type Days = Operations['record.days']['gives'];
export type View = Operations['view.list']['gives']['views'][number];
export type Schedule = Operations['plan.schedule']['gives'];
export type Patterns = Operations['incident.patterns']['gives'];
export type Hypotheses = Operations['ach.matrix']['gives'];
export type Costs = Operations['budget.costs']['gives'];



// vague: known to a month or a year alone, so on no day; more: entries that are not listed

// allowed: by rights; missing: what the record lacks; step_up: with a fresh proof



// A creation that is sent twice is done once.
function onceKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export const kinds = {
  all: (signal?: AbortSignal) => get<{ kinds: KindRow[] }>('/kinds', signal),
  one: (kind: string, signal?: AbortSignal) => get<Kind>(`/kinds/${at(kind)}`, signal),
  query: (kind: string, body: RecordQuery & { case?: string }, signal?: AbortSignal) =>
    post<{ query: string; total: number; asked?: string }>(`/kinds/${at(kind)}/queries`, body, signal),
  add: (kind: string, body: { case?: string; class?: string; values: Values }, key: string) =>
    call<Operations['record.add']['gives']>('POST', `/kinds/${at(kind)}/records`, { body, headers: { 'Idempotency-Key': key } }),
  key: onceKey,
  load: (kind: string, body: Blob, options: { dry?: string; case?: string; good_only?: string; decimal?: string }) =>
    call<ImportAnswer>('POST', `/kinds/${at(kind)}/import${params(options)}`, { body, headers: { 'Content-Type': 'text/csv' } }),
};

const of = (query: string, what: string) => `/record-queries/${at(query)}/${what}`;

export const queries = {
  question: (asked: string, signal?: AbortSignal) => get<RecordQuery & { kind: string; case: string }>(`/record-questions/${at(asked)}`, signal),
  rows: (query: string, offset: number, limit: number, signal?: AbortSignal) =>
    get<{ total: number; rows: (Row | null)[]; names?: Record<string, string> }>(of(query, `rows${params({ offset, limit })}`), signal),
  places: (query: string, signal?: AbortSignal) => get<{ total: number; without: number; points: Point[] }>(of(query, 'places'), signal),
  times: (query: string, signal?: AbortSignal) => get<{ total: number; without: number; spans: Span[] }>(of(query, 'times'), signal),
  board: (query: string, signal?: AbortSignal) => get<Board>(of(query, 'board'), signal),
  days: (query: string, field: string, from: string, to: string, signal?: AbortSignal) => get<Days>(of(query, `days${params({ field, from, to })}`), signal),
  counts: (query: string, by: string, signal?: AbortSignal) =>
    get<{ total: number; counts: Count[] }>(of(query, `counts${params({ by })}`), signal),
  file: (query: string, format: string) => fetchFile(of(query, `export${params({ format })}`)),
};

const rec = (code: string, what = '') => `/records/${at(code)}${what}`;

export const records = {
  one: (code: string, asOf: string | undefined, signal?: AbortSignal) => getTagged<Rec>(rec(code, params({ as_of: asOf })), signal),
  change: (code: string, values: Values, etag: string) => put<Operations['record.change']['gives']>(rec(code), { values }, etag),
  move: (code: string, name: string, body: { reason?: string; values?: Values }, etag: string) =>
    call<Operations['record.move']['gives']>('POST', rec(code, `/transitions/${at(name)}`), { body, etag }),
  label: (code: string, signal?: AbortSignal) => get<Operations['record.label']['gives']>(rec(code, '/label'), signal),
  labelAlong: (code: string, body: Operations['record.label_along']['takes'], signal?: AbortSignal) => post<Operations['record.label_along']['gives']>(rec(code, '/label/along'), body, signal),
  setLabel: (code: string, body: Operations['record.set_label']['takes'], etag: string) => put<Operations['record.set_label']['gives']>(rec(code, '/label'), body, etag),
  history: (code: string, signal?: AbortSignal) => get<{ versions: Version[] }>(rec(code, '/history'), signal),
  readers: (code: string, signal?: AbortSignal) => get<{ rows: Reader[] }>(rec(code, '/readers'), signal),
  open: (code: string, field: string, reason: string) => post<{ value: unknown }>(rec(code, `/sealed/${at(field)}`), { reason }),
  comments: (code: string, signal?: AbortSignal) => get<{ comments: Comment[] }>(rec(code, '/comments'), signal),
  comment: (code: string, text: string) => post<void>(rec(code, '/comments'), { text }),
  withdraw: (id: number | string) => remove(`/comments/${at(String(id))}`),
  link: (code: string, relation: string, to: string) => post<void>(rec(code, '/links'), { relation, to }),
  unlink: (id: number | string) => remove(`/record-links/${at(String(id))}`),
  document: (code: string, format: string, lang: string) => fetchFile(rec(code, `/document${params({ format, lang })}`)),
  search: (q: string, limit: number, signal?: AbortSignal) =>
    post<{ total: number; hits: FoundRecord[] }>('/record-search', { words: q, limit }, signal),
  suggest: (to: readonly string[], q: string, signal?: AbortSignal) =>
    post<{ hits: Suggestion[] }>('/suggest', { to, words: q }, signal),
  suggestStaff: (q: string, signal?: AbortSignal) => post<{ hits: Who[] }>('/suggest-staff', { words: q }, signal),
};

export const inbox = {
  all: (signal?: AbortSignal) => get<{ tasks: InboxTask[]; notices: Notice[] }>('/inbox', signal),
  read: (id: number | string) => post<void>(`/notices/${at(String(id))}/read`),
  mail: (signal?: AbortSignal) => get<{ address: string; available: boolean }>('/me/mail', signal),
  setMail: (address: string) => put<void>('/me/mail', { address }),
  calendar: () => post<{ address: string }>('/me/calendar'),
};

export const views = {
  all: (kind: string, signal?: AbortSignal) => get<{ views: View[] }>(`/views${params({ kind })}`, signal),
  add: (kind: string, name: string, query: RecordQuery) => post<{ id: number | string }>('/views', { kind, name, query }),
  remove: (id: string) => remove(`/views/${at(id)}`),
};

export const timeLimits = (from: string, signal?: AbortSignal) => get<{ limits: TimeLimit[] }>(`/time-limits?from=${from}`, signal);

export const schedules = { one: (code: string, signal?: AbortSignal) => get<Schedule>(`/schedules/${at(code)}`, signal) };

export const hypotheses = { one: (code: string, signal?: AbortSignal) => get<Hypotheses>(`/hypotheses/${at(code)}`, signal) };

export const costs = {
  // without: codes of cohorts; intake: times as many new households
  of: (code: string, without: string[], intake: number, signal?: AbortSignal) =>
    get<Costs>(`/budgets/${at(code)}/costs?${new URLSearchParams({ without: without.join(' '), intake: String(intake) }).toString()}`, signal),
};

export const patterns = {
  of: (inCase: string, family: string, signal?: AbortSignal) => get<Patterns>(`/patterns?${new URLSearchParams({ case: inCase, family }).toString()}`, signal),
};

export const vocabularies = {
  all: (signal?: AbortSignal) => get<{ vocabularies: VocabularyRow[] }>('/vocabularies', signal),
  one: (name: string, signal?: AbortSignal) => getTagged<Vocabulary>(`/vocabularies/${at(name)}`, signal),
  change: (body: Vocabulary, etag: string) => put<{ version: number }>(`/vocabularies/${at(body.vocabulary)}`, body, etag),
  versions: (name: string, signal?: AbortSignal) => get<{ versions: VocabularyVersion[] }>(`/vocabularies/${at(name)}/versions`, signal),
};
