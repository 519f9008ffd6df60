// One door to the server: JSON in, JSON out, problem+json as Problem, the session's token on every change.

export const BASE = '/api/v1';

type ProblemBody = {
  status?: number;
  code?: string;
  title?: string;
  detail?: string;
  position?: number;
  expected?: string;
  current?: unknown;
  [more: string]: unknown;
};

export class Problem extends Error {
  readonly status: number; // 0: the server was not reached
  readonly code: string;
  readonly detail: string;
  readonly position: number | undefined;
  readonly expected: string | undefined;
  readonly current: unknown;
  readonly body: Readonly<Record<string, unknown>>; // whatever else the answer says

  constructor(status: number, body: ProblemBody) {
    super(body.title ?? body.code ?? String(status));
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'unreachable' : `http_${status}`);
    this.detail = body.detail ?? '';
    this.position = body.position;
    this.expected = body.expected;
    this.current = body.current;
    this.body = body as Record<string, unknown>;
  }
}

export const isProblem = (e: unknown, status?: number): e is Problem =>
  e instanceof Problem && (status === undefined || e.status === status);

let csrf = '';
let lastAnswer = Date.now();
const signedOut = new Set<() => void>();
const stale = new Set<() => void>();

export const setCsrf = (token: string) => void (csrf = token);
// When the server last answered: it counts idleness from there.
export const lastAnswerAt = () => lastAnswer;
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener);
  return () => void signedOut.delete(listener);
}

// A change was refused as such: signed in anew in another tab, or rights have changed. The session is to be read again.
export function onStale(listener: () => void): () => void {
  stale.add(listener);
  return () => void stale.delete(listener);
}

// Refusals that say what is missing: the session is as it was.
const MISSING = new Set(['purpose', 'fresh_proof', 'second_person', 'review_overdue']);

type Options = {
  body?: unknown; // sent as JSON; a Blob is sent as it is
  etag?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  quiet?: boolean; // a 401 is an answer, not the end of the session
};

async function bodyOf(response: Response): Promise<unknown> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (method !== 'GET' && csrf) headers['X-CSRF'] = csrf;
  if (options.etag) headers['If-Match'] = options.etag;
  let body: BodyInit | null = null;
  if (options.body instanceof Blob) {
    body = options.body;
    headers['Content-Type'] ??= 'application/octet-stream';
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers['Content-Type'] = 'application/json';
  }
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      body,
      signal: options.signal ?? null,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
    });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new Problem(0, {});
  }
  if (response.status !== 401) lastAnswer = Date.now();
  else if (!options.quiet) for (const listener of signedOut) listener();
  if (!response.ok) {
    const problem = new Problem(response.status, ((await bodyOf(response)) ?? {}) as ProblemBody);
    if (problem.status === 403 && !MISSING.has(problem.code)) for (const listener of stale) listener();
    throw problem;
  }
  return response;
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  return (await bodyOf(await send(method, path, options))) as T;
}

// An answer with the mark of its version, which a change of it names.
export async function getTagged<T>(path: string, signal?: AbortSignal): Promise<{ data: T; etag: string }> {
  const response = await send('GET', path, { signal });
  return { data: (await bodyOf(response)) as T, etag: response.headers.get('etag') ?? '' };
}

// A file, with the name that the server made for it.
export async function fetchFile(path: string, headers: Record<string, string> = {}): Promise<{ blob: Blob; name: string }> {
  const response = await send('GET', path, { headers: { ...headers, Accept: '*/*' } });
  const name = /filename="?([^";]+)"?/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { blob: await response.blob(), name: name ?? 'original' };
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, { signal });
export const post = <T>(path: string, body: unknown = {}, signal?: AbortSignal) => call<T>('POST', path, { body, signal });
export const put = <T>(path: string, body: unknown, etag?: string) =>
  call<T>('PUT', path, etag === undefined ? { body } : { body, etag });
export const remove = (path: string) => call<void>('DELETE', path);

// A query string of the values that are given.
export function params(values: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '');
  return given.length ? `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString()}` : '';
}

export const at = (id: string) => encodeURIComponent(id);
