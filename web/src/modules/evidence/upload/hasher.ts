// Hashes files in a worker, so that the page stays quick.
type Waiting = { resolve: (sha256: string) => void; reject: (e: Error) => void };
type Answer = { id: number; sha256?: string; error?: string };

export type Hasher = { hash: (file: Blob) => Promise<string>; end: () => void };

export function startHasher(): Hasher {
  const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  const fail = (reason: string) => {
    for (const w of waiting.values()) w.reject(new Error(reason));
    waiting.clear();
  };
  worker.addEventListener('message', (e: MessageEvent<Answer>) => {
    const { id, sha256, error } = e.data;
    const w = waiting.get(id);
    waiting.delete(id);
    if (sha256) w?.resolve(sha256);
    else w?.reject(new Error(error ?? 'unreadable'));
  });
  worker.addEventListener('error', () => fail('hashing stopped'));
  return {
    hash: (file) =>
      new Promise((resolve, reject) => {
        next += 1;
        waiting.set(next, { resolve, reject });
        worker.postMessage({ id: next, file });
      }),
    end: () => {
      worker.terminate();
      fail('cancelled');
    },
  };
}
