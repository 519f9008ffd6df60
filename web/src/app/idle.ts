// When the session ends if nothing more is done: the server counts idleness from its last answer to this browser.

export const WARN_BEFORE_MS = 120_000;

export type Limits = { idleMs: number; endsAt: number };

export const limitsOf = (idleUntil: string, ends: string, answeredAt: number): Limits => ({
  idleMs: Math.max(0, Date.parse(idleUntil) - answeredAt),
  endsAt: Date.parse(ends),
});

export type Ending = { at: number; kind: 'idle' | 'absolute' };

export function endingOf(limits: Limits, lastAnswerAt: number): Ending {
  const idleAt = lastAnswerAt + limits.idleMs;
  return idleAt < limits.endsAt ? { at: idleAt, kind: 'idle' } : { at: limits.endsAt, kind: 'absolute' };
}

export const toWarn = (ending: Ending, now: number) => ending.at - now <= WARN_BEFORE_MS;
