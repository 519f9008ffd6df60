// Labels, purposes, break-glass, second persons, recovery, alarms and the person's own keys: what the server answers,
// and the operations by name.
import { at, call, get, post, put, remove } from './client';
import type { Alarm, Approval, Class, Glass, LabelRecord, Named, Operations, OwnKey, PasskeyChallenge, Person, PurposeState, Recovery, Roles, Session, Words } from './schema';

export type { Alarm, Approval, CaseLabel, Class, Glass, LabelRecord, Named, Named as Compartment, OwnKey, PurposeState, Recovery } from './schema';
export type Organ = Roles['organs'][number];
export type Clearance = Pick<Person, 'clearance' | 'organ' | 'compartments' | 'by_two'>; // by_two: roles that two persons give

export const CLASSES = ['PUBLIC', 'INTERNAL', 'CONFIDENTIAL', 'SECRET'] as const;





export type Second = Omit<Operations['approval.ask']['takes'], 'reason'>;



export const labels = {
  compartments: (signal?: AbortSignal) => get<{ compartments: Named[] }>('/compartments', signal),
  makeCompartment: (name: string) => post<{ id: string }>('/compartments', { name }),
  one: (caseId: string, signal?: AbortSignal) => get<LabelRecord>(`/cases/${at(caseId)}/label`, signal),
  set: (caseId: string, body: { classification: Class; compartments: string[]; reason: string }, etag: string) =>
    put<LabelRecord>(`/cases/${at(caseId)}/label`, body, etag),
  clear: (person: string, body: Clearance & { reason: string }, etag: string) => put<void>(`/people/${at(person)}/clearance`, body, etag),
};

export const purposes = {
  one: (caseId: string, signal?: AbortSignal) => get<PurposeState>(`/cases/${at(caseId)}/purpose`, signal),
  choose: (caseId: string, body: { purpose: string; reason: string }) => put<PurposeState>(`/cases/${at(caseId)}/purpose`, body),
};

export const glasses = {
  all: (signal?: AbortSignal) => get<{ break_glass: Glass[]; purposes: { id: string; label: Words }[] }>('/break-glass', signal),
  open: (body: { case: string; purpose: string; reason: string }) =>
    post<{ id: string; case: string; until: string; review_by: string }>('/break-glass', body),
  review: (id: string, body: { justified: boolean; note: string }) => post<void>(`/break-glass/${at(id)}/review`, body),
};

export const approvals = {
  all: (signal?: AbortSignal) => get<{ approvals: Approval[] }>('/approvals', signal),
  ask: (body: Second & { reason: string }) => post<{ id: string }>('/approvals', body),
  decide: (id: string, body: { approve: boolean; note: string }) => post<void>(`/approvals/${at(id)}`, body),
  withdraw: (id: string) => remove(`/approvals/${at(id)}`),
};

export const recoveries = {
  all: (signal?: AbortSignal) => get<{ recoveries: Recovery[] }>('/recoveries', signal),
  ask: (body: { person: string; reason: string }) => post<Recovery>('/recoveries', body),
  approve: (id: string) => post<Recovery>(`/recoveries/${at(id)}/approve`),
  withdraw: (id: string) => post<Recovery>(`/recoveries/${at(id)}/withdraw`),
  link: (id: string) => post<{ link: string }>(`/recoveries/${at(id)}/link`),
};

export const alarms = {
  all: (signal?: AbortSignal) => get<{ unseen: number; alarms: Alarm[] }>('/alarms', signal),
  seen: (id: string) => post<void>(`/alarms/${at(id)}/seen`),
};

export const keys = {
  all: (signal?: AbortSignal) => get<{ password: boolean; passkeys: OwnKey[] }>('/me/passkeys', signal),
  remove: (id: string) => remove(`/me/passkeys/${at(id)}`),
  proofBegin: () => post<PasskeyChallenge & { allow: string[] }>('/me/proof/begin'),
  proofFinish: (body: object) => call<Session>('POST', '/me/proof/finish', { body }),
};
