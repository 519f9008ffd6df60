// SHA-256 of a file of any size, read piece by piece. WebCrypto digests only what fits into memory whole, and
// WebAssembly does not pass the Content-Security-Policy.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

export const READ = 4 * 1024 * 1024;

export async function sha256Of(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let from = 0; from < file.size; from += READ) {
    hash.update(new Uint8Array(await file.slice(from, from + READ).arrayBuffer()));
  }
  return bytesToHex(hash.digest());
}
