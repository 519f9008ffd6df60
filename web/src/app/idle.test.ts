import { expect, test } from 'vitest';
import { endingOf, limitsOf, toWarn, WARN_BEFORE_MS } from './idle';

const now = Date.parse('2026-01-01T10:00:00Z');
const limits = limitsOf('2026-01-01T10:15:00Z', '2026-01-01T18:00:00Z', now);

test('idleness counts from the last answer', () => {
  expect(endingOf(limits, now)).toEqual({ at: now + 900_000, kind: 'idle' });
  expect(endingOf(limits, now + 60_000).at).toBe(now + 960_000);
});

test('the absolute limit cannot be moved', () => {
  expect(endingOf(limits, Date.parse('2026-01-01T17:50:00Z'))).toEqual({ at: limits.endsAt, kind: 'absolute' });
});

test('the warning comes two minutes before', () => {
  const ending = endingOf(limits, now);
  expect(toWarn(ending, ending.at - WARN_BEFORE_MS - 1)).toBe(false);
  expect(toWarn(ending, ending.at - WARN_BEFORE_MS)).toBe(true);
});
