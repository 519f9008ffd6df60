import { afterEach, expect, test, vi } from 'vitest';
import type { Approval } from '../../../api/rights';
import { perform, performable } from './perform';

const json = (body: unknown) => new Response(JSON.stringify(body), { status: 200, headers: { 'content-type': 'application/json' } });
const approval = (of: Partial<Approval>) => ({ object: 'c1', reason: 'a good reason', what: {}, ...of }) as Approval;

afterEach(() => vi.unstubAllGlobals());

function serve(answers: Record<string, unknown>) {
  const sent: [string, string, unknown, string | undefined][] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push([init.method!, url, init.body && JSON.parse(init.body as string), (init.headers as Record<string, string>)['If-Match']]);
    return json(answers[`${init.method} ${url}`] ?? {});
  });
  return sent;
}

test('a label is set exactly as it was approved, on the version that is there now', async () => {
  const sent = serve({ 'GET /api/v1/cases/c1/label': { etag: '"3"' } });
  await perform(approval({ kind: 'case', what: { classification: 'INTERNAL', compartments: ['w'] } }));
  expect(sent[1]).toEqual(['PUT', '/api/v1/cases/c1/label', { classification: 'INTERNAL', compartments: ['w'], reason: 'a good reason' }, '"3"']);
});

test('a clearance is granted exactly as it was approved', async () => {
  const sent = serve({ 'GET /api/v1/people': { people: [{ id: 'P-2', etag: '"7"' }] } });
  const what = { clearance: 'SECRET', organ: 'registry', compartments: [] };
  await perform(approval({ kind: 'account', object: 'P-2', what }));
  expect(sent[1]).toEqual(['PUT', '/api/v1/people/P-2/clearance', { ...what, reason: 'a good reason' }, '"7"']);
});

test('an original is obtained where the item is', () => {
  expect(performable(approval({ kind: 'item' }))).toBe(false);
  expect(performable(approval({ kind: 'case' }))).toBe(true);
});
