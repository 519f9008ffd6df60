// What is put on items, where they lie, and whose custody they are in.
import { at, call, fetchFile, get, post } from './client';
import type { CustodyDraft as WholeDraft, HandOver, Operations, Tag, TagDraft, TagKind } from './schema';

export type { HandOver, HandOverLine, Tag, TagDraft, TagKind } from './schema';
export type Scope = { search: string } | { items: string[] } | { in: string };

export const filing = {
  all: (caseId: string, kind: TagKind, signal?: AbortSignal) => get<{ tags: Tag[] }>(`/cases/${at(caseId)}/tags?kind=${kind}`, signal),
  add: (caseId: string, draft: TagDraft) => post<{ id: string }>(`/cases/${at(caseId)}/tags`, draft),
  change: (caseId: string, tag: Tag, draft: TagDraft) => call<void>('PUT', `/cases/${at(caseId)}/tags/${at(tag.id)}`, { body: draft, etag: tag.etag }),
  bulk: (caseId: string, body: Scope & { tag: string; on: boolean }) => post<{ job: string }>(`/cases/${at(caseId)}/bulk`, body),
};

export type CustodyDraft = Omit<WholeDraft, 'search' | 'items' | 'in'>;
export type HandOverDraft = Pick<HandOver, 'title' | 'recipient' | 'purpose'>;
export const PAPERS = ['pdf', 'docx', 'xlsx', 'csv'] as const;

export const custody = {
  record: (caseId: string, body: CustodyDraft & Scope) => post<{ id: string }>(`/cases/${at(caseId)}/custody-acts`, body),
  form: (item: string) => fetchFile(`/items/${at(item)}/custody-form`),
};

export const handOvers = {
  all: (caseId: string, signal?: AbortSignal) => get<Operations['hand_over.list']['gives']>(`/cases/${at(caseId)}/hand-overs`, signal),
  one: (id: string, signal?: AbortSignal) => get<Operations['hand_over.read']['gives']>(`/hand-overs/${at(id)}?limit=1000`, signal),
  add: (caseId: string, body: HandOverDraft & Scope) => post<{ id: string }>(`/cases/${at(caseId)}/hand-overs`, body),
  change: (list: HandOver, draft: HandOverDraft, gone: string[]) =>
    call<void>('PUT', `/hand-overs/${at(list.id)}`, { body: { ...draft, ...(gone.length ? { remove: { items: gone } } : {}) }, etag: list.etag }),
  remove: (list: HandOver) => call<void>('DELETE', `/hand-overs/${at(list.id)}`, { etag: list.etag }),
  issue: (list: HandOver) => call<void>('POST', `/hand-overs/${at(list.id)}/issue`, { body: {}, etag: list.etag }),
  paper: (id: string, format: string) => fetchFile(`/hand-overs/${at(id)}/paper?format=${format}`),
};
