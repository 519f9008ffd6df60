// What a declaration of a kind of record says, as GET /kinds/{kind} gives it (docs/formats/records.md).
import type { CaseName, Filter, Words as Label } from './schema';

export type { CaseName as CaseRef, Filter, KindRow } from './schema';
export type FilterOp = Filter['op'];

export type FieldType =
  | 'text' | 'long' | 'integer' | 'number' | 'yes_no' | 'date' | 'time' | 'place' | 'coded' | 'reference' | 'staff' | 'person' | 'items' | 'graded' | 'money' | 'rows';

export type Condition =
  | { filled: string }
  | { is: [string, unknown] }
  | { in: [string, unknown[]] }
  | { at_least: [string, number] }
  | { at_most: [string, number] }
  | { not_after: [string, string] }
  | { state: string[] }
  | { not: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

export type Field = {
  n: number;
  name: string;
  type: FieldType;
  en: string;
  fr: string;
  retired?: boolean;
  help?: Label;
  list?: boolean;
  guard?: 'restricted' | 'sealed';
  required?: boolean;
  when?: Condition;
  many?: boolean;
  unique?: boolean;
  names?: boolean; // names of a person; of a reference: those of the record it names
  computed?: boolean; // set by the server, never typed
  pattern?: string;
  min?: number;
  max?: number;
  unit?: string;
  vocabulary?: string;
  to?: string | string[];
  scheme?: string;
  columns?: Field[];
};

export type Code = Label & {
  code: string;
  note?: Label;
  parent?: string;
  retired?: boolean;
  inverse?: Label;
  sources?: Code[];
  information?: Code[];
};

export type State = Label & { name: string; locked?: boolean; final?: boolean };
export type Transition = Label & {
  name: string;
  from: string[];
  to: string;
  act?: string;
  four_eyes?: boolean;
  reason?: boolean;
};
export type Workflow = { start: string; states: State[]; transitions: Transition[] };

// name: of a person, in any script; without a sort the most alike come first
export type RecordQuery = { filter: Filter[]; sort: string[]; words: string; name?: string };
export type DeclaredView = Label & { name: string; filter?: Filter[]; sort?: string[]; words?: string };

// How a kind is shown besides lists, maps and timelines.
export type Shown =
  | { show: 'board' }
  | { show: 'calendar' | 'heat'; field: string }
  | {
      show: 'gantt';
      begin?: string;
      end?: string;
      // of tasks within a record
      tasks?: string;
      code?: string;
      label?: string;
      days?: string;
      after?: string;
      done?: string;
      baseline?: string;
      actual?: string;
      milestones?: string;
    };
export type Rule = Label & { id: string; when?: Condition; must: Condition };
export type KindVocabulary = { label: Label; version: number; codes: Code[] };

export type Kind = {
  kind: string;
  module: string;
  version: number;
  source?: string;
  label: Label;
  plural: Label;
  name: string;
  fields: Field[];
  sections: (Label & { fields: string[] })[];
  rules?: Rule[];
  views?: DeclaredView[];
  displays?: Shown[];
  workflow?: Workflow;
  bound?: boolean; // to a case
  vocabularies: Record<string, KindVocabulary>;
  cases: CaseName[];
  may: string[];
};

