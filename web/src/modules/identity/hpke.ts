// RFC 9180 (HPKE), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, by WebCrypto alone.
// What leaves this page for the register, and what comes back, passes the office's server unread.
type Bytes = Uint8Array<ArrayBuffer>;
export type Sealed = { enc: Bytes; box: Bytes };

const text = new TextEncoder();
const join = (...parts: Bytes[]): Bytes => {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
};
const two = (n: number): Bytes => Uint8Array.of(n >> 8, n & 255);
const words = (s: string): Bytes => new Uint8Array(text.encode(s));
const NONE: Bytes = new Uint8Array(0);
const KEM = join(words('KEM'), two(0x20));
const SUITE = join(words('HPKE'), two(0x20), two(1), two(2));

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  // An empty key is a block of zeros to HMAC; WebCrypto takes none that is empty.
  const k = await crypto.subtle.importKey('raw', key.length ? key : new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', k, data));
}
const extract = (suite: Bytes, salt: Bytes, label: string, input: Bytes) => hmac(salt, join(words('HPKE-v1'), suite, words(label), input));
const expand = async (suite: Bytes, key: Bytes, label: string, info: Bytes, n: number) =>
  (await hmac(key, join(two(n), words('HPKE-v1'), suite, words(label), info, Uint8Array.of(1)))).slice(0, n);

export type Pair = { privateKey: CryptoKey; publicKey: Bytes };
export async function makePair(): Promise<Pair> {
  const pair = (await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])) as CryptoKeyPair;
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) };
}

async function schedule(privateKey: CryptoKey, theirs: Bytes, enc: Bytes, receiver: Bytes, info: string) {
  const other = await crypto.subtle.importKey('raw', theirs, { name: 'X25519' }, false, []);
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: other } as EcdhKeyDeriveParams, privateKey, 256));
  const prk = await extract(KEM, NONE, 'eae_prk', dh);
  const shared = await expand(KEM, prk, 'shared_secret', join(enc, receiver), 32);
  const context = join(
    Uint8Array.of(0),
    await extract(SUITE, NONE, 'psk_id_hash', NONE),
    await extract(SUITE, NONE, 'info_hash', words(info)),
  );
  const secret = await extract(SUITE, shared, 'secret', NONE);
  const key = await crypto.subtle.importKey('raw', await expand(SUITE, secret, 'key', context, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, iv: await expand(SUITE, secret, 'base_nonce', context, 12) };
}

export async function sealTo(publicKey: Bytes, info: string, aad: string, plain: string): Promise<Sealed> {
  const mine = await makePair();
  const { key, iv } = await schedule(mine.privateKey, publicKey, mine.publicKey, publicKey, info);
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: words(aad) }, key, words(plain));
  return { enc: mine.publicKey, box: new Uint8Array(box) };
}

export async function openFor(mine: Pair, info: string, aad: string, sealed: Sealed): Promise<string> {
  const { key, iv } = await schedule(mine.privateKey, sealed.enc, sealed.enc, mine.publicKey, info);
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: words(aad) }, key, sealed.box));
}
