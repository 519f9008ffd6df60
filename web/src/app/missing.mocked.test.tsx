// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../api/client';
import { askPasskey } from '../api/passkey';
import { keys } from '../api/rights';
import { useMissing } from './missing';

const renewed = vi.fn();
vi.mock('./session', () => ({ useSession: () => ({ renewed }) }));
vi.mock('../api/passkey', () => ({ askPasskey: vi.fn(async () => ({ id: 'signed' })) }));
vi.mock('../api/rights', () => ({ keys: { proofBegin: vi.fn(async () => ({ challenge: 'c' })), proofFinish: vi.fn(async () => ({ csrf: 'new' })) } }));

const refusal = (code: string) => new Problem(403, { code });
beforeEach(() => vi.clearAllMocks());

test('an act that lacks a fresh proof is done again after one was given', async () => {
  const { result } = renderHook(() => useMissing());
  const act = vi.fn().mockRejectedValueOnce(refusal('fresh_proof')).mockResolvedValueOnce('done');
  expect(await result.current(act)).toBe('done');
  expect(askPasskey).toHaveBeenCalledWith({ challenge: 'c' });
  expect(keys.proofFinish).toHaveBeenCalledWith({ id: 'signed' });
  expect(renewed).toHaveBeenCalledWith({ csrf: 'new' });
});

test('what nobody can give alone is told, and a server that never has enough is not asked for ever', async () => {
  const { result } = renderHook(() => useMissing());
  await expect(result.current(() => Promise.reject(refusal('second_person')))).rejects.toMatchObject({ code: 'second_person' });
  expect(askPasskey).not.toHaveBeenCalled();
  const act = vi.fn(() => Promise.reject(refusal('fresh_proof')));
  await expect(result.current(act)).rejects.toMatchObject({ code: 'fresh_proof' });
  expect(act.mock.calls.length).toBeLessThan(20);
});
