import { sha256Of } from './sha256';

type Asked = { id: number; file: Blob };

addEventListener('message', (e: MessageEvent<Asked>) => {
  const { id, file } = e.data;
  sha256Of(file).then(
    (sha256) => postMessage({ id, sha256 }),
    (error: unknown) => postMessage({ id, error: error instanceof Error ? error.name : 'Error' }),
  );
});
