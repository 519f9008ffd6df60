// An act that was refused for something the person can give: a purpose is asked for, a fresh proof is taken from a
// passkey, and the act is done again.
import { lazy, Suspense, useCallback, useSyncExternalStore } from 'react';
import { isProblem } from '../api/client';
import { askPasskey } from '../api/passkey';
import { keys } from '../api/rights';
import { useSession } from './session';

const PurposeDialog = lazy(() => import('./case/PurposeDialog'));

type Asked = { caseId: string; answer: (chosen: boolean) => void };
let asked: Asked | null = null;
const listeners = new Set<() => void>();
const set = (next: Asked | null) => {
  asked = next;
  for (const l of listeners) l();
};
const follow = (l: () => void) => {
  listeners.add(l);
  return () => void listeners.delete(l);
};

export const askPurpose = (caseId: string) =>
  new Promise<boolean>((resolve) => {
    asked?.answer(false);
    set({
      caseId,
      answer: (chosen) => {
        set(null);
        resolve(chosen);
      },
    });
  });

export function PurposeAsked() {
  const now = useSyncExternalStore(follow, () => asked);
  if (!now) return null;
  return (
    <Suspense fallback={null}>
      <PurposeDialog key={now.caseId} caseId={now.caseId} onClose={now.answer} />
    </Suspense>
  );
}

const TRIES = 8; // a person may be given several cases at once, each with its purpose

export function useMissing() {
  const { renewed } = useSession();
  return useCallback(
    async <R,>(act: () => Promise<R>): Promise<R> => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await act();
        } catch (e) {
          if (!isProblem(e, 403) || tries === TRIES) throw e;
          if (e.code === 'fresh_proof') renewed(await keys.proofFinish(await askPasskey(await keys.proofBegin())));
          else if (e.code !== 'purpose' || !(await askPurpose(String(e.body.case)))) throw e;
        }
      }
    },
    [renewed],
  );
}
