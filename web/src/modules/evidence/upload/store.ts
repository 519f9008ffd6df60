// The upload that is under way. It outlives the page: one may search while a folder goes in.
import { useSyncExternalStore } from 'react';
import { isProblem } from '../../../api/client';
import { uploads } from '../../../api/server';
import type { UploadStart } from '../../../api/types';
import { startHasher } from './hasher';
import { Rate } from './rate';
import { rowsOf, sendAll, type Row, type Source } from './send';

export type Phase = 'sending' | 'stopped' | 'finishing' | 'finished' | 'cancelled';
export type Upload = {
  person: string; // who began it: nobody else sees it, nor its paths
  caseId: string;
  phase: Phase;
  rows: readonly Row[];
  bytes: number;
  sent: number;
  failed: number;
  perSecond: number;
  secondsLeft: number | null;
  error: unknown;
};

type Work = { id: string; files: readonly Source[]; rows: Row[]; rate: Rate; stop: AbortController };

let upload: Upload | null = null;
let work: Work | null = null;
let drawing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function publish(next: Upload | null) {
  upload = next;
  for (const listener of listeners) listener();
}

function draw(more: Partial<Upload> = {}) {
  if (!upload || !work) return;
  const sent = work.rows.reduce((sum, r) => sum + r.sent, 0);
  work.rate.add(Date.now(), sent);
  publish({
    ...upload,
    rows: [...work.rows],
    sent,
    failed: work.rows.filter((r) => r.state === 'failed').length,
    perSecond: work.rate.perSecond(),
    secondsLeft: work.rate.secondsLeft(upload.bytes - sent),
    ...more,
  });
}

// Thousands of small files must not draw thousands of times.
function drawSoon() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    draw();
  }, 200);
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });

// Nobody leaves by mistake while files go in.
const hold = (e: BeforeUnloadEvent) => e.preventDefault();

async function run(now: Work) {
  const hasher = startHasher();
  addEventListener('beforeunload', hold);
  draw({ phase: 'sending', error: null });
  const server = {
    chunk: (n: number, offset: number, body: Blob, headers: Record<string, string>, signal: AbortSignal) =>
      uploads.chunk(now.id, n, offset, body, headers, signal),
    state: (signal: AbortSignal) => uploads.state(now.id, signal),
  };
  try {
    await sendAll(now.files, now.rows, { server, hash: hasher.hash, wait }, now.stop.signal, drawSoon);
    if (now.rows.every((r) => r.state === 'done')) await finish();
    else draw({ phase: 'stopped' });
  } catch (error) {
    if (now === work) draw(now.stop.signal.aborted ? { phase: 'cancelled' } : { phase: 'stopped', error: isProblem(error, 401) ? null : error });
  }
  hasher.end();
  removeEventListener('beforeunload', hold);
}

// Begins the processing of what has come. With files that failed: without them.
export async function finish() {
  if (!work) return;
  draw({ phase: 'finishing', error: null });
  try {
    await uploads.finish(work.id);
    draw({ phase: 'finished' });
  } catch (error) {
    draw({ phase: 'stopped', error });
  }
}

export async function begin(person: string, caseId: string, files: readonly Source[], about: Omit<UploadStart, 'files' | 'bytes'>) {
  const bytes = files.reduce((sum, f) => sum + f.file.size, 0);
  const { upload: id } = await uploads.begin(caseId, { files: files.length, bytes, ...about });
  work = { id, files, rows: rowsOf(files), rate: new Rate(), stop: new AbortController() };
  publish({ person, caseId, phase: 'sending', rows: work.rows, bytes, sent: 0, failed: 0, perSecond: 0, secondsLeft: null, error: null });
  void run(work);
}

export function goOn() {
  if (!work) return;
  work.stop = new AbortController();
  void run(work);
}

export const cancel = () => work?.stop.abort();

export function forget() {
  work?.stop.abort();
  work = null;
  publish(null);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useUpload = () => useSyncExternalStore(subscribe, () => upload);
