// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { call, isProblem, onSignedOut, onStale, params, post, put, setCsrf } from './client';

const json = (status: number, body: unknown, type = 'application/json') =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'content-type': type } });

function serve(answer: Response | Error) {
  const fake = vi.fn(async (_url: string, _init: RequestInit) => {
    if (answer instanceof Response) return answer;
    throw answer;
  });
  vi.stubGlobal('fetch', fake);
  return fake;
}

const headersOf = (fake: ReturnType<typeof serve>) => fake.mock.calls[0]![1].headers as Record<string, string>;

afterEach(() => vi.unstubAllGlobals());

test('a change carries the token of the session, a read does not', async () => {
  setCsrf('T');
  let fake = serve(json(200, { a: 1 }));
  expect(await post('/x', { b: 2 })).toEqual({ a: 1 });
  expect(headersOf(fake)['X-CSRF']).toBe('T');
  expect(fake.mock.calls[0]![0]).toBe('/api/v1/x');
  fake = serve(json(200, {}));
  await call('GET', '/x');
  expect(headersOf(fake)['X-CSRF']).toBeUndefined();
});

test('a problem keeps its position and what was expected; a conflict what stands now', async () => {
  serve(json(422, { status: 422, code: 'query', title: 't', detail: 'd', position: 4, expected: 'a word' }, 'application/problem+json'));
  const refused = await post('/x').catch((e: unknown) => e);
  expect(isProblem(refused, 422) && [refused.position, refused.expected, refused.detail]).toEqual([4, 'a word', 'd']);
  const fake = serve(json(412, { code: 'changed', current: { etag: '2' } }, 'application/problem+json'));
  const conflict = await put('/x', {}, '"1"').catch((e: unknown) => e);
  expect(headersOf(fake)['If-Match']).toBe('"1"');
  expect(isProblem(conflict, 412) && conflict.current).toEqual({ etag: '2' });
});

test('401 ends the session, unless it is the answer to signing in', async () => {
  const ended = vi.fn();
  const stop = onSignedOut(ended);
  serve(json(401, { code: 'refused' }));
  await expect(call('POST', '/sign-in/link', { quiet: true })).rejects.toMatchObject({ status: 401 });
  expect(ended).not.toHaveBeenCalled();
  await expect(call('GET', '/cases')).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledTimes(1);
  stop();
});

test('403 has the session read again', async () => {
  const again = vi.fn();
  const stop = onStale(again);
  serve(json(403, { code: 'csrf' }));
  await expect(post('/cases')).rejects.toMatchObject({ status: 403 });
  expect(again).toHaveBeenCalledTimes(1);
  stop();
});

test('403 that says what is missing leaves the session alone and keeps what it said', async () => {
  const again = vi.fn();
  const stop = onStale(again);
  for (const code of ['purpose', 'fresh_proof', 'second_person', 'review_overdue']) {
    serve(json(403, { code, case: 'c1', purposes: ['trial'] }, 'application/problem+json'));
    const refused = await post('/x').catch((e: unknown) => e);
    expect(isProblem(refused, 403) && refused.body).toMatchObject({ code, case: 'c1', purposes: ['trial'] });
  }
  expect(again).not.toHaveBeenCalled();
  stop();
});

test('a server that is not reached, an error page of a proxy, an abort', async () => {
  serve(new TypeError('failed to fetch'));
  await expect(call('GET', '/x')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  serve(new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }));
  await expect(call('GET', '/x')).rejects.toMatchObject({ status: 502, code: 'http_502' });
  serve(new DOMException('stopped', 'AbortError') as unknown as Error);
  await expect(call('GET', '/x')).rejects.toMatchObject({ name: 'AbortError' });
});

test('an answer without content is nothing', async () => {
  serve(json(204, null));
  expect(await call('DELETE', '/session')).toBeUndefined();
});

test('a query string holds only what is given', () => {
  expect(params({ a: 1, b: '', c: null, d: undefined, e: 'x y' })).toBe('?a=1&e=x+y');
  expect(params({})).toBe('');
});
