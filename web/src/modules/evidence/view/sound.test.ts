import { expect, test } from 'vitest';
import { clock, wavePath } from './sound';

test('seconds are shown as a player shows them', () => {
  expect(clock(7.9)).toBe('0:07');
  expect(clock(3729)).toBe('1:02:09');
  expect(clock(-1)).toBe('0:00');
});

test('the shape goes up by the loudness and back below; silence keeps a thin line', () => {
  expect(wavePath([0, 255])).toBe('M0 100L0 99L1 99L1 2L2 2L2 198L1 198L1 101L0 101Z');
});
