// The evidence workspace: what is shown beside text, what people keep and write, results over time and on the map.
import { at, BASE, call, get, params, post, remove } from './client';
import type { Correction, LeftUpload, Note, Operations, PageWords as Words, Peaks, SavedSearch, TablePart, TermCount, Timeline } from './schema';

export type { Cluster, Correction, LeftUpload, Note, Peaks, SavedSearch, TablePart, TermCount, Timeline, View } from './schema';
export type Step = Timeline['by'];
export type Places = Operations['search.places']['gives'];

// Words and hits are told as lists of four numbers, and the word.
export type PageWords = Omit<Words, 'words' | 'hits' | 'hit_pages'> & { words: [...Box, string][]; hits: Box[][]; hit_pages: [page: number, part: number][] };
export type Box = readonly [x: number, y: number, width: number, height: number]; // ten-thousandths of the picture



export type NoteDraft = { text: string; page?: number; region?: Box; quote?: string };

export const PICTURE_WIDTH = 1400;

export const showing = {
  page: (item: string, page: number, search: string | undefined, signal?: AbortSignal) =>
    get<PageWords>(`/items/${at(item)}/pages/${page}${params({ search, width: PICTURE_WIDTH })}`, signal),
  pictureUrl: (item: string, page: number) => `${BASE}/items/${at(item)}/pages/${page}/picture${params({ width: PICTURE_WIDTH })}`,
  peaks: (item: string, signal?: AbortSignal) => get<Peaks>(`/items/${at(item)}/peaks`, signal),
  mediaUrl: (item: string) => `${BASE}/items/${at(item)}/media`,
  table: (item: string, page: number, offset: number, limit: number, search: string | undefined, signal?: AbortSignal) =>
    get<TablePart>(`/items/${at(item)}/table${params({ page, offset, limit, search })}`, signal),
};

export const saved = {
  all: (caseId: string, signal?: AbortSignal) => get<{ searches: SavedSearch[] }>(`/cases/${at(caseId)}/saved-searches`, signal),
  keep: (caseId: string, name: string, search: string) => post<{ id: string }>(`/cases/${at(caseId)}/saved-searches`, { name, search }),
  forget: (id: string) => remove(`/saved-searches/${at(id)}`),
};

export const around = {
  terms: (caseId: string, terms: string[]) => post<{ terms: TermCount[] }>(`/cases/${at(caseId)}/term-reports`, { terms }),
  timeline: (search: string, by: Step | undefined, signal?: AbortSignal) => get<Timeline>(`/searches/${at(search)}/timeline${params({ by })}`, signal),
  places: (search: string, cell: number, box: string | undefined, signal?: AbortSignal) =>
    get<Places>(`/searches/${at(search)}/places${params({ cell, box })}`, signal),
  retry: (caseId: string, reason: string) => post<void>(`/cases/${at(caseId)}/retry`, { reason }),
};

export const notes = {
  of: (item: string, signal?: AbortSignal) => get<{ notes: Note[] }>(`/items/${at(item)}/notes`, signal),
  add: (item: string, draft: NoteDraft) => post<Note>(`/items/${at(item)}/notes`, draft),
  change: (note: Note, text: string) => call<Note>('PUT', `/notes/${at(note.id)}`, { body: { text }, etag: note.etag }),
  remove: (note: Note) => call<void>('DELETE', `/notes/${at(note.id)}`, { etag: note.etag }),
  history: (id: string, signal?: AbortSignal) => get<{ notes: Note[] }>(`/notes/${at(id)}/history`, signal),
};

export const left = {
  all: (caseId: string, signal?: AbortSignal) => get<{ uploads: LeftUpload[] }>(`/cases/${at(caseId)}/uploads`, signal),
  remove: (id: string) => remove(`/uploads/${at(id)}`),
};

const correctionOf = (item: string, page: number) => `/items/${at(item)}/pages/${page}/correction`;
export const corrections = {
  write: (item: string, page: number, version: number, text: string) =>
    call<Correction>('PUT', correctionOf(item, page), { body: { text }, etag: `"${version}"` }),
  remove: (item: string, page: number, version: number) => call<void>('DELETE', correctionOf(item, page), { etag: `"${version}"` }),
  recognised: (item: string, page: number, signal?: AbortSignal) =>
    get<{ text: string }>(`/items/${at(item)}/text${params({ page, layer: 'recognised' })}`, signal),
};
