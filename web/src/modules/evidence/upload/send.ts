// Sends the files of an upload in chunks. A cut connection costs one chunk at most: the server is asked what it has,
// and the sending goes on from there. The SHA-256 made here goes with the last chunk, for the server to compare.
import { isProblem } from '../../../api/client';
import type { UploadFile } from '../../../api/types';

export const CHUNK = 4 * 1024 * 1024;
const FAILURES_MAX = 10; // in a row, of one file
const TOGETHER = 2; // files at once

export type Source = { path: string; file: Blob };
export type FileState = 'waiting' | 'sending' | 'done' | 'failed';
export type Row = { n: number; path: string; size: number; sent: number; state: FileState; error: unknown };

export type Server = {
  chunk: (n: number, offset: number, body: Blob, headers: Record<string, string>, signal: AbortSignal) => Promise<{ received: number }>;
  state: (signal: AbortSignal) => Promise<{ files: UploadFile[] }>;
};
export type Tools = { server: Server; hash: (file: Blob) => Promise<string>; wait: (ms: number, signal: AbortSignal) => Promise<void> };

export class HashDiffers extends Error {}
export class NotAdvancing extends Error {}

export const rowsOf = (files: readonly Source[]): Row[] =>
  files.map(({ path, file }, n) => ({ n, path, size: file.size, sent: 0, state: 'waiting', error: null }));

// What passes by itself: no connection, a busy or restarting server, an offset that it does not expect.
export const passes = (e: unknown) => isProblem(e) && ([0, 408, 409, 425, 429].includes(e.status) || e.status >= 500);

const pause = (failures: number) => Math.min(30_000, 500 * 2 ** failures);

async function received(n: number, sha256: Promise<string>, tools: Tools, signal: AbortSignal): Promise<number> {
  const known = (await tools.server.state(signal)).files.find((f) => f.n === n);
  if (!known) return 0;
  if (known.received >= known.size && known.sha256 && known.sha256 !== (await sha256)) throw new HashDiffers();
  return known.received;
}

async function sendChunk(source: Source, row: Row, sha256: Promise<string>, tools: Tools, signal: AbortSignal): Promise<number> {
  const end = Math.min(row.sent + CHUNK, row.size);
  const headers: Record<string, string> = { 'X-Path': encodeURIComponent(row.path), 'X-Size': String(row.size) };
  if (end === row.size) headers['X-Sha256'] = await sha256;
  const answer = await tools.server.chunk(row.n, row.sent, source.file.slice(row.sent, end), headers, signal);
  if (answer.received <= row.sent && row.size > 0) throw new NotAdvancing();
  return answer.received;
}

async function sendFile(source: Source, row: Row, tools: Tools, signal: AbortSignal, changed: () => void): Promise<void> {
  const sha256 = tools.hash(source.file);
  // A file that cannot be read looks like a cut connection to the sending: the hashing knows better.
  let unreadable: unknown = null;
  sha256.catch((e: unknown) => (unreadable = e));
  let failures = 0;
  let whole = false;
  while (!whole) {
    try {
      if (failures > 0) row.sent = await received(row.n, sha256, tools, signal);
      if (failures === 0 || row.sent < row.size || row.size === 0) row.sent = await sendChunk(source, row, sha256, tools, signal);
      failures = 0;
      whole = row.sent >= row.size;
      changed();
    } catch (e) {
      signal.throwIfAborted();
      if (unreadable) throw unreadable;
      failures += 1;
      if (!passes(e) || failures > FAILURES_MAX) throw e;
      await tools.wait(pause(failures), signal);
    }
  }
}

// Sends every file that is not done. Ends when all were tried; throws when stopped, or when the session has ended.
export async function sendAll(files: readonly Source[], rows: Row[], tools: Tools, signal: AbortSignal, changed: () => void): Promise<void> {
  const left = rows.filter((r) => r.state !== 'done');
  const work = async () => {
    for (let row = left.shift(); row; row = left.shift()) {
      row.state = 'sending';
      row.error = null;
      changed();
      try {
        await sendFile(files[row.n]!, row, tools, signal, changed);
        row.state = 'done';
      } catch (e) {
        const ended = signal.aborted || isProblem(e, 401);
        row.state = ended ? 'waiting' : 'failed';
        row.error = ended ? null : e;
        changed();
        if (ended) {
          left.length = 0;
          throw e;
        }
      }
      changed();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: TOGETHER }, work));
  const broken = ends.find((e) => e.status === 'rejected');
  if (broken) throw broken.reason;
}
