// Every operation of the server that a screen uses, by name.
import { at, call, fetchFile, get, params, post, put, remove } from './client';
import type * as T from './types';

export const session = {
  current: () => call<T.Session>('GET', '/session', { quiet: true }),
  byLink: (token: string) => call<T.Session>('POST', '/sign-in/link', { body: { token }, quiet: true }),
  byPassword: (body: { name: string; password: string; code: string }) =>
    call<T.Session>('POST', '/sign-in/password', { body, quiet: true }),
  passkeyBegin: () => call<T.PasskeyChallenge>('POST', '/sign-in/passkey/begin', { body: {}, quiet: true }),
  passkeyFinish: (body: object) => call<T.Session>('POST', '/sign-in/passkey/finish', { body, quiet: true }),
  directoryOffered: () => call<{ offered: boolean }>('GET', '/sign-in/directory', { quiet: true }),
  directoryBegin: () => call<{ address: string }>('POST', '/sign-in/directory/begin', { body: {}, quiet: true }),
  directoryFinish: (body: { state: string; code: string }) =>
    call<T.Session>('POST', '/sign-in/directory/finish', { body, quiet: true }),
  end: () => remove('/session'),
  all: (signal?: AbortSignal) => get<{ sessions: T.OpenSession[] }>('/sessions', signal),
  revoke: (id: string) => remove(`/sessions/${at(id)}`),
};

export const me = {
  passkeyBegin: () => post<T.PasskeyRequest>('/me/passkeys/begin'),
  passkeyFinish: (body: object) => post<void>('/me/passkeys/finish', body),
  totp: (password: string) => post<{ secret: string; uri: string }>('/me/totp', { password }),
  totpConfirm: (code: string) => post<void>('/me/totp/confirm', { code }),
  language: (language: string) => put<void>('/me/language', { language }),
};

export const people = {
  all: (signal?: AbortSignal) => get<{ people: T.Person[] }>('/people', signal),
  roles: (signal?: AbortSignal) => get<T.Roles>('/roles', signal),
  create: (body: { name: string; roles: string[]; cases: string[] }) => post<{ id: string; link: string }>('/people', body),
  change: (id: string, body: Pick<T.Person, 'roles' | 'cases' | 'disabled'>, etag: string) =>
    put<void>(`/people/${at(id)}`, body, etag),
};

export const cases = {
  all: (signal?: AbortSignal) => get<{ cases: T.CaseRow[] }>('/cases', signal),
  one: (id: string, signal?: AbortSignal) => get<T.CaseHome>(`/cases/${at(id)}`, signal),
  create: (body: { code: string; title: string }) => post<{ id: string }>('/cases', body),
};

export const jobs = {
  one: (id: string, signal?: AbortSignal) => get<T.Job>(`/jobs/${at(id)}`, signal),
  undo: (id: string) => post<{ job?: string } | undefined>(`/jobs/${at(id)}/undo`),
};

export const searches = {
  run: (caseId: string, body: T.SearchRequest, signal?: AbortSignal) =>
    post<T.SearchAnswer>(`/cases/${at(caseId)}/searches`, body, signal),
  // (asked) what an id stands for, so that a reloaded or shared address shows its query again
  one: (id: string, signal?: AbortSignal) => get<T.SearchNamed>(`/searches/${at(id)}`, signal),
  hits: (id: string, offset: number, limit: number, signal?: AbortSignal) =>
    get<T.HitWindow>(`/searches/${at(id)}/hits${params({ offset, limit })}`, signal),
};

export const items = {
  one: (id: string, signal?: AbortSignal) => get<T.Item>(`/items/${at(id)}`, signal),
  text: (id: string, page: number, search: string | undefined, signal?: AbortSignal) =>
    get<T.ItemText>(`/items/${at(id)}/text${params({ search, page })}`, signal),
  custody: (id: string, signal?: AbortSignal) => get<T.Custody>(`/items/${at(id)}/custody`, signal),
  // The reason goes in a header: addresses end in the logs of proxies.
  original: (id: string, reason: string) => fetchFile(`/items/${at(id)}/original`, { 'X-Reason': encodeURIComponent(reason) }),
};

export const uploads = {
  begin: (caseId: string, body: T.UploadStart) => post<{ upload: string }>(`/cases/${at(caseId)}/uploads`, body),
  chunk: (id: string, n: number, offset: number, body: Blob, headers: Record<string, string>, signal?: AbortSignal) =>
    call<{ received: number }>('PUT', `/uploads/${at(id)}/files/${n}?offset=${offset}`, { body, headers, signal }),
  state: (id: string, signal?: AbortSignal) => get<{ files: T.UploadFile[] }>(`/uploads/${at(id)}`, signal),
  finish: (id: string) => post<void>(`/uploads/${at(id)}/finish`),
};

export const ledger = {
  page: (filter: T.LedgerFilter, before: string | number | null, signal?: AbortSignal) =>
    get<T.LedgerPage>(`/ledger${params({ ...filter, before })}`, signal),
  verify: () => post<{ job: string }>('/ledger/verify'),
};

export const office = { seal: (reason: string) => post<void>('/office/seal', { reason }) };
