// The browser's side of passkeys: base64url on the wire, ArrayBuffers in the browser.
import type { PasskeyChallenge, PasskeyRequest } from './types';

export function toBase64url(bytes: ArrayBuffer | null): string {
  if (!bytes) return '';
  let text = '';
  for (const b of new Uint8Array(bytes)) text += String.fromCharCode(b);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i += 1) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

export const passkeysWork = () => typeof PublicKeyCredential !== 'undefined' && 'credentials' in navigator;

export async function askPasskey(begun: PasskeyChallenge & { allow?: string[] }, signal?: AbortSignal) {
  const credential = (await navigator.credentials.get({
    ...(signal ? { signal } : {}),
    publicKey: {
      challenge: fromBase64url(begun.challenge),
      rpId: begun.rp_id,
      timeout: begun.timeout,
      userVerification: 'required',
      ...(begun.allow ? { allowCredentials: begun.allow.map((id) => ({ type: 'public-key' as const, id: fromBase64url(id) })) } : {}),
    },
  })) as PublicKeyCredential;
  const answer = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    client_data: toBase64url(answer.clientDataJSON),
    authenticator_data: toBase64url(answer.authenticatorData),
    signature: toBase64url(answer.signature),
    user_handle: toBase64url(answer.userHandle),
  };
}

export async function makePasskey(begun: PasskeyRequest, label: string) {
  const credential = (await navigator.credentials.create({
    publicKey: {
      challenge: fromBase64url(begun.challenge),
      rp: { id: begun.rp_id, name: begun.rp_name },
      user: { id: fromBase64url(begun.user_id), name: begun.user_name, displayName: begun.user_name },
      pubKeyCredParams: begun.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: begun.exclude.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: begun.attestation ?? 'none',
    },
  })) as PublicKeyCredential;
  const answer = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id,
    client_data: toBase64url(answer.clientDataJSON),
    attestation_object: toBase64url(answer.attestationObject),
    label,
  };
}
