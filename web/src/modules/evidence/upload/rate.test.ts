import { expect, test } from 'vitest';
import { Rate } from './rate';

test('the rate is that of the last ten seconds', () => {
  const rate = new Rate();
  expect(rate.perSecond()).toBe(0);
  expect(rate.secondsLeft(100)).toBeNull();
  rate.add(0, 0);
  rate.add(1000, 500);
  expect(rate.perSecond()).toBe(500);
  expect(rate.secondsLeft(1000)).toBe(2);
  for (let s = 2; s <= 40; s += 1) rate.add(s * 1000, 500 + (s - 1) * 100);
  expect(rate.perSecond()).toBe(100);
});
