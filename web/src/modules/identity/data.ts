// The identity register as this page speaks with it: what is asked is signed here by the person's passkey over the very
// bytes that the register checks, and sealed for the register.
import { at, get, post, onSignedOut } from '../../api/client';
import { askPasskey, fromBase64url, toBase64url } from '../../api/passkey';
import type { Label } from '../../ui/label';
import { makePair, openFor, sealTo, type Pair } from './hpke';

export type Person = { id: string; name: string };
export type Standing = { id: string; role: string; state: 'asked' | 'admitted'; passkey: string; fingerprint: string };
export type Case = { id: string; code: string; number: number; may_register: boolean; may_open: boolean; may_approve: boolean };
export type State = {
  register: { state: 'absent' | 'away' | 'sealed' | 'open'; public_key: string; rp_id: string; given: number; needed: number };
  me: { person: number; standing: Standing[] };
  fields: string[];
  roles: string[];
  cases: Case[];
  purposes: { id: string; label: Label }[];
  opening_seconds: number;
  may_seal: boolean;
};
export type Asked = { asked: number; case: number; code: string; expires: number; fields: string[]; purpose: string; requester: number };
export type Opening = {
  id: string;
  state: 'signed' | 'permitted' | 'refused' | 'closed' | 'ended';
  request: string; // what both sign, as it is signed
  case: string;
  asked: string;
  until: string;
  requester: Person | null;
  approver: Person | null;
  mine: boolean;
  may_decide: boolean;
};
export type Contact = { kind: string; value: string };
export type Relative = { name: string; relation: string; born: string };
export type Form = { names?: string[]; aliases?: string[]; born?: string; contacts?: Contact[]; household?: Relative[]; languages?: string[] };
export type Opened = { code: string; for: string; until: string; fields: Form };

export const STATE = ['identity'] as const;
export const OPENINGS = ['identity', 'openings'] as const;

type Values = Record<string, string | number | string[]>;
// RFC 8785 for what is signed here: members sorted, no white space.
export const canonical = (of: Values) => JSON.stringify(Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1))));
const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const digest = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const seconds = () => Math.floor(Date.now() / 1000);

async function sign(state: State, text: string) {
  const challenge = toBase64url((await digest(new Uint8Array(new TextEncoder().encode(text)))).buffer);
  const allow = state.me.standing.filter((s) => s.state === 'admitted').map((s) => s.passkey);
  const { id, client_data, authenticator_data, signature } = await askPasskey({ challenge, rp_id: state.register.rp_id, timeout: 120_000, allow });
  return { id, client_data, authenticator_data, signature };
}

const bytes = (a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>) => {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
};

// A form, sealed for the register, under an act that the person signs.
async function signedForm(state: State, act: string, caseNumber: number, code: string, form: Form) {
  const sealed = await sealTo(fromBase64url(state.register.public_key), 'custos identity form v1', '', JSON.stringify(form));
  const nonce = random(32);
  const asked = seconds();
  const body = hex(await digest(bytes(sealed.enc, sealed.box)));
  const text = canonical({ act, asked, body, case: caseNumber, code, nonce: hex(nonce), requester: state.me.person, version: 1 });
  return {
    act: { case: caseNumber, asked, code, nonce: toBase64url(nonce.buffer) },
    enc: toBase64url(sealed.enc.buffer),
    box: toBase64url(sealed.box.buffer),
    assertion: await sign(state, text),
  };
}

// The keys of what this page asked for: never stored, gone with the page and with the session.
const readers = new Map<string, Pair>();
onSignedOut(() => readers.clear());
export const canRead = (opening: string) => readers.has(opening);

export const register = {
  state: (signal?: AbortSignal) => get<State>('/identity', signal),
  admission: (role: string, passkey: string) => post<{ standing: Standing[] }>('/identity/admission', { role, passkey }),
  add: async (state: State, caseNumber: number, form: Form) =>
    post<{ code: string }>('/identity/entries', await signedForm(state, 'register', caseNumber, '', form)),
  amend: async (state: State, caseNumber: number, code: string, form: Form) =>
    post<{ code: string }>('/identity/amendments', await signedForm(state, 'amend', caseNumber, code, form)),
  known: async (state: State, caseNumber: number, form: Form) =>
    post<{ answer: 'yes' | 'no' | 'ask' }>('/identity/questions', await signedForm(state, 'known', caseNumber, '', form)),
  openings: (signal?: AbortSignal) => get<{ openings: Opening[] }>('/identity/openings', signal),
  open: async (state: State, of: { case: number; code: string; fields: string[]; purpose: string; minutes: number }) => {
    const reader = await makePair();
    const asked = seconds();
    const text = canonical({
      asked,
      case: of.case,
      code: of.code,
      expires: asked + Math.min(of.minutes * 60, state.opening_seconds),
      fields: [...of.fields].sort(),
      nonce: hex(random(32)),
      purpose: of.purpose,
      reader_key: hex(reader.publicKey),
      requester: state.me.person,
      version: 1,
    });
    const said = await post<{ opening: string }>('/identity/openings', { request: text, assertion: await sign(state, text) });
    readers.set(said.opening, reader);
    return said;
  },
  approve: async (state: State, opening: Opening) =>
    post<object>(`/identity/openings/${at(opening.id)}/approve`, { assertion: await sign(state, opening.request) }),
  refuse: (id: string) => post<void>(`/identity/openings/${at(id)}/refuse`),
  close: async (id: string) => {
    readers.delete(id);
    await post<void>(`/identity/openings/${at(id)}/close`);
  },
  forget: (id: string) => void readers.delete(id),
  show: async (id: string): Promise<Opened> => {
    const said = await post<{ enc: string; box: string }>(`/identity/openings/${at(id)}/show`);
    const reader = readers.get(id);
    if (!reader) throw new DOMException('', 'NotReadableError');
    return JSON.parse(
      await openFor(reader, 'custos identity opened v1', id, { enc: fromBase64url(said.enc), box: fromBase64url(said.box) }),
    ) as Opened;
  },
  seal: () => post<void>('/identity/seal'),
};
