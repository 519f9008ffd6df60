// @vitest-environment jsdom
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Problem } from '../../../api/client';
import type { UploadFile } from '../../../api/types';
import { CHUNK, HashDiffers, passes, rowsOf, sendAll, type Source, type Tools } from './send';

// A Blob of a given size that costs nothing: only sizes and offsets matter to the sender.
const blob = (size: number): Blob =>
  ({ size, slice: (from: number, to: number) => blob(Math.min(to, size) - from) }) as unknown as Blob;

type Call = { n: number; offset: number; size: number; headers: Record<string, string> };

// A server with a memory, whose answers can be made to fail. "after": the chunk was stored, the answer was lost.
function fakeServer(fail: (call: Call, index: number) => { error: Error; after?: boolean } | null = () => null) {
  const files = new Map<number, UploadFile>();
  const calls: Call[] = [];
  let asked = 0;
  const tools: Tools = {
    hash: async (f) => `hash-${f.size}`,
    wait: async () => undefined,
    server: {
      chunk: async (n, offset, body, headers, signal) => {
        signal.throwIfAborted();
        const call = { n, offset, size: body.size, headers };
        const failure = fail(call, calls.length);
        calls.push(call);
        const file = files.get(n) ?? { n, path: headers['X-Path']!, size: Number(headers['X-Size']), received: 0, sha256: null, state: 'receiving' };
        files.set(n, file);
        if (!failure || failure.after) {
          if (offset !== file.received) throw new Problem(409, { code: 'offset' });
          file.received += body.size;
          if (file.received === file.size) file.sha256 = headers['X-Sha256'] ?? null;
        }
        if (failure) throw failure.error;
        return { received: file.received };
      },
      state: async () => {
        asked += 1;
        return { files: [...files.values()] };
      },
    },
  };
  return { tools, calls, files, asked: () => asked };
}

const cut = () => new Problem(0, {});
async function run(sources: Source[], server: ReturnType<typeof fakeServer>, signal = new AbortController().signal) {
  const rows = rowsOf(sources);
  await sendAll(sources, rows, server.tools, signal, () => undefined);
  return rows;
}

test('a file goes in chunks of 4 MiB, its hash with the last', async () => {
  const server = fakeServer();
  const rows = await run([{ path: 'a/é.pdf', file: blob(2 * CHUNK + 5) }], server);
  expect(server.calls.map((c) => [c.offset, c.size])).toEqual([[0, CHUNK], [CHUNK, CHUNK], [2 * CHUNK, 5]]);
  expect(server.calls.map((c) => c.headers['X-Sha256'])).toEqual([undefined, undefined, `hash-${2 * CHUNK + 5}`]);
  expect(server.calls[0]!.headers['X-Path']).toBe('a%2F%C3%A9.pdf');
  expect(rows[0]).toMatchObject({ state: 'done', sent: 2 * CHUNK + 5 });
});

test('an empty file is one empty chunk with its hash', async () => {
  const server = fakeServer();
  await run([{ path: 'empty', file: blob(0) }], server);
  expect(server.calls).toEqual([{ n: 0, offset: 0, size: 0, headers: { 'X-Path': 'empty', 'X-Size': '0', 'X-Sha256': 'hash-0' } }]);
});

test('a cut connection re-sends at most one chunk', async () => {
  const server = fakeServer((_, i) => (i === 1 ? { error: cut() } : null));
  await run([{ path: 'a', file: blob(3 * CHUNK) }], server);
  expect(server.calls.map((c) => c.offset / CHUNK)).toEqual([0, 1, 1, 2]);
  expect(server.asked()).toBe(1);
});

test('a chunk that arrived though its answer was lost is not sent again', async () => {
  const server = fakeServer((_, i) => (i === 1 ? { error: cut(), after: true } : null));
  await run([{ path: 'a', file: blob(3 * CHUNK) }], server);
  expect(server.calls.map((c) => c.offset / CHUNK)).toEqual([0, 1, 2]);
});

test('the answer to the last chunk lost: the server is asked, nothing is sent again', async () => {
  const server = fakeServer((c) => (c.headers['X-Sha256'] ? { error: cut(), after: true } : null));
  const rows = await run([{ path: 'a', file: blob(CHUNK + 1) }], server);
  expect(server.calls).toHaveLength(2);
  expect(rows[0]!.state).toBe('done');
});

test('a hash that differs is told, and not tried again', async () => {
  const server = fakeServer((c) => (c.headers['X-Sha256'] ? { error: cut(), after: true } : null));
  const lying: Tools = { ...server.tools, server: { ...server.tools.server, state: async () => ({ files: [...server.files.values()].map((f) => ({ ...f, sha256: 'other' })) }) } };
  const sources = [{ path: 'a', file: blob(10) }];
  const rows = rowsOf(sources);
  await sendAll(sources, rows, lying, new AbortController().signal, () => undefined);
  expect(rows[0]!.state).toBe('failed');
  expect(rows[0]!.error).toBeInstanceOf(HashDiffers);
});

test('a refused file does not stop the others; a new try sends only what is missing', async () => {
  let refuse = true;
  const server = fakeServer((c) => (c.n === 0 && refuse ? { error: new Problem(413, {}) } : null));
  const sources = [{ path: 'big', file: blob(5) }, { path: 'small', file: blob(3) }];
  const rows = rowsOf(sources);
  const signal = new AbortController().signal;
  await sendAll(sources, rows, server.tools, signal, () => undefined);
  expect(rows.map((r) => r.state)).toEqual(['failed', 'done']);
  refuse = false;
  await sendAll(sources, rows, server.tools, signal, () => undefined);
  expect(rows.map((r) => r.state)).toEqual(['done', 'done']);
  expect(server.calls.filter((c) => c.n === 1)).toHaveLength(1);
});

test('a connection that stays cut ends after ten tries', async () => {
  const server = fakeServer(() => ({ error: cut() }));
  const rows = await run([{ path: 'a', file: blob(1) }], server);
  expect(rows[0]!.state).toBe('failed');
  expect(server.calls).toHaveLength(11);
});

test('a file that cannot be read is not taken for a cut connection', async () => {
  const server = fakeServer(() => ({ error: cut() }));
  const tools: Tools = { ...server.tools, hash: () => Promise.reject(new Error('NotReadableError')) };
  const sources = [{ path: 'a', file: blob(2 * CHUNK) }];
  const rows = rowsOf(sources);
  await sendAll(sources, rows, tools, new AbortController().signal, () => undefined);
  expect(rows[0]).toMatchObject({ state: 'failed', error: { message: 'NotReadableError' } });
  expect(server.calls).toHaveLength(1);
});

test('an ended session stops everything and keeps what was sent', async () => {
  const server = fakeServer((_, i) => (i >= 1 ? { error: new Problem(401, {}) } : null));
  const sources = [{ path: 'a', file: blob(3 * CHUNK) }];
  const rows = rowsOf(sources);
  await expect(sendAll(sources, rows, server.tools, new AbortController().signal, () => undefined)).rejects.toMatchObject({ status: 401 });
  expect(rows[0]).toMatchObject({ state: 'waiting', sent: CHUNK });
});

test('cancelling stops between two chunks', async () => {
  const stop = new AbortController();
  const server = fakeServer((_, i) => {
    if (i === 1) stop.abort();
    return null;
  });
  await expect(run([{ path: 'a', file: blob(9 * CHUNK) }], server, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(server.calls.length).toBeLessThan(4);
});

test('which errors pass by themselves', () => {
  expect([0, 409, 429, 503].map((s) => passes(new Problem(s, {})))).toEqual([true, true, true, true]);
  expect([400, 401, 404, 413, 422].map((s) => passes(new Problem(s, {})))).toEqual([false, false, false, false, false]);
});

test('the hash is that of OpenSSL', async () => {
  const { sha256Of } = await import('./sha256');
  const bytes = new Uint8Array(5_000_001).map((_, i) => (i * 31) & 255);
  expect(await sha256Of(new Blob([bytes]))).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(await sha256Of(new Blob([]))).toBe(createHash('sha256').digest('hex'));
});
