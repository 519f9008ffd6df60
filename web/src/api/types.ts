// What the server answers, written by hand after the description of the first API. Once the server gives its
// OpenAPI document, a generated schema.d.ts takes the place of this file; the names stay.
// Optional fields marked (asked) are not in that description: the screens do without them where they are absent.

export type Strength = 'link' | 'password' | 'passkey';

export type Session = {
  person: { id: string; name: string; language: string; roles: string[] };
  csrf: string;
  strength: Strength;
  idle_until: string;
  ends: string;
  must_enrol: boolean;
  may?: string[]; // (asked) permissions by name; absent: everything is offered and the server refuses
};

export type OpenSession = { id: string; began: string; last_seen: string; this: boolean; strength: Strength };

export type PasskeyChallenge = { challenge: string; rp_id: string; timeout: number };
export type PasskeyRequest = {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_id: string;
  user_name: string;
  algorithms: number[];
  exclude: string[];
};

export type Person = { id: string; name: string; roles: string[]; cases: string[]; disabled: boolean; etag: string };
export type Label = { en: string; fr: string };
export type Role = { id: string; label: Label; description: Label };
export type Roles = { roles: Role[]; forbidden_together: [string, string][] };

export type CaseRow = { id: string; code: string; title: string; items: number; last_received: string | null };
export type Count = { value: string; count: number };
export type Delivery = {
  id: string;
  received: string;
  source: string;
  collector: string;
  note: string;
  items: number;
};
export type Account = { expected: number; extracted: number; failed: number; skipped: number };
export type Processing = {
  done: number;
  expected: number;
  failed: number;
  items_per_second: number;
  bytes_per_second: number;
  seconds_left: number | null;
};
export type CaseHome = {
  id: string;
  code: string;
  title: string;
  account: Account;
  bytes: number;
  deliveries: Delivery[];
  types: Count[];
  languages: Count[];
  years: Count[];
  failures: { reason: string; count: number }[];
  duplicates: { exact: number; near: number };
  threads: number;
  processing: Processing | null;
};

export const FACETS = ['type', 'language', 'year', 'custodian', 'folder'] as const;
export type FacetName = (typeof FACETS)[number];
export type Chosen = Partial<Record<FacetName, string[]>>;
export type Sort = 'relevance' | 'date' | 'path';
export type SearchRequest = { query: string; sort: Sort; facets: Chosen };
export type SearchAnswer = {
  search: string;
  total: number;
  took_ms: number;
  facets: Partial<Record<FacetName, Count[]>>;
};
// (asked) what GET /searches/{id} gives: the answer once more, with what was asked
export type SearchNamed = SearchAnswer & { query: string; sort: Sort; chosen: Chosen };
export type Hit = {
  item: string;
  code?: string; // (asked) the code of the item, as it is cited
  path: string;
  title: string;
  type: string;
  date: string | null;
  language: string | null;
  size: number;
  page: number | null;
  snippet: string;
  family: string | null;
  matches: number;
};
export type HitWindow = { total: number; hits: Hit[] };

export type Relative = { id: string; path: string; type: string; depth?: number };
export type Derived = { kind: string; engine: string; version: string; confidence: number | null };
export type Item = {
  id: string;
  case: string;
  code?: string; // (asked)
  path: string;
  name: string;
  type: string;
  media_type: string;
  size: number;
  sha256: string;
  language: string | null;
  date: string | null;
  date_origin: string | null;
  author: string | null;
  title: string | null;
  addresses: Record<string, string[]>;
  pages: number | null;
  state: string;
  findings: { reason: string; detail: string }[];
  derived: Derived[];
  parent: string | null;
  children: Relative[];
  family: Relative[];
  thread: Relative[];
  duplicates: { id: string; path: string; kind: 'exact' | 'near' }[];
  fields: { name: string; value: string }[];
};
export type ItemText = {
  pages: number;
  page: number;
  text: string;
  hits: number[];
  confidence: number | null;
  engine: string | null;
};
export type CustodyRow = { at: string; act: string; who: string; detail: string; row: number };
export type Custody = { rows: CustodyRow[]; checkpoint: { size: number; root: string } | null };

export type UploadStart = { files: number; bytes: number; source: string; collector: string; note: string };
export type UploadFile = {
  n: number;
  path: string;
  size: number;
  received: number;
  sha256: string | null;
  state: string;
};

export type Tag = { id: string; name: string; color_name: string; count: number };
export type Job = { done: number; expected: number; state: string; detail?: string };

export type LedgerRow = { row: number; at: string; who: string; act: string; object: string; outcome: string };
export type LedgerPage = { rows: LedgerRow[]; next: string | number | null };
export type LedgerFilter = { who: string; act: string; object: string; from: string; to: string };

export type ProcessingEvent = Processing & { case: string };
export type SessionEvent = { ends: string };
