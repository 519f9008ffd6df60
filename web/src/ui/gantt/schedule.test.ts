import { expect, test } from 'vitest';
import { months, schedule, splitCodes, type Task } from './schedule';

const task = (code: string, more: Partial<Task> = {}): Task => ({ code, title: code, begins: null, days: 5, after: [], done: false, ...more });

test('a task begins when the last of those before it has ended', () => {
  const { placed, circle } = schedule([task('c', { after: ['a', 'b'] }), task('a', { begins: 100, days: 3 }), task('b', { after: ['a'], days: 10 })], 200);
  expect(placed.map((p) => [p.code, p.from, p.to])).toEqual([
    ['c', 113, 117],
    ['a', 100, 102],
    ['b', 103, 112],
  ]);
  expect(circle).toEqual([]);
});

test('what really happened moves those after it', () => {
  const { placed } = schedule([task('a', { begins: 100, days: 3, done: true, actual: { from: 104, to: 120 } }), task('b', { after: ['a'] })], 0);
  expect(placed.map((p) => [p.from, p.to])).toEqual([
    [104, 120],
    [121, 125],
  ]);
});

test('its own day holds where it lies later', () => {
  const { placed } = schedule([task('a', { begins: 100 }), task('b', { begins: 300, after: ['a'] })], 0);
  expect(placed[1]!.from).toBe(300);
});

test('tasks that wait for one another have no days and are named', () => {
  const { placed, circle } = schedule([task('a', { after: ['b'], begins: 1 }), task('b', { after: ['c'] }), task('c', { after: ['a'] }), task('d', { begins: 9 })], 0);
  expect(circle.toSorted()).toEqual(['a', 'b', 'c']);
  expect(placed.map((p) => p.from)).toEqual([null, null, null, 9]);
});

test('what is not done by its last day is late; what is done is not', () => {
  const { placed } = schedule([task('a', { begins: 1 }), task('b', { begins: 1, done: true }), task('c', { begins: 6 })], 7);
  expect(placed.map((p) => p.late)).toEqual([true, false, false]);
});

test('a task before it that does not exist is told', () => {
  expect(schedule([task('a', { begins: 1, after: ['x'] })], 0).placed[0]!.unknown).toEqual(['x']);
});

// Whatever the plan: nobody begins before what they wait for has ended, and the order of the lines changes nothing.
test('no order of lines changes the days, and no task begins before what it waits for', () => {
  let seed = 7;
  const draw = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % n;
  };
  for (let round = 0; round < 200; round += 1) {
    const tasks = Array.from({ length: 2 + draw(9) }, (_, i, ): Task => task(`t${i}`, { begins: draw(3) ? null : draw(50), days: draw(9), after: Array.from({ length: draw(3) }, () => `t${draw(11)}`).filter((c) => c !== `t${i}`) }));
    const one = schedule(tasks, 30);
    const two = schedule(tasks.toReversed(), 30);
    const byCode = new Map(two.placed.map((p) => [p.code, p]));
    if (one.circle.length === 0) {
      expect(two.circle).toEqual([]);
      for (const p of one.placed) {
        expect([p.from, p.to]).toEqual([byCode.get(p.code)!.from, byCode.get(p.code)!.to]);
        for (const c of p.after) {
          const before = byCode.get(c);
          if (before?.to !== null && before !== undefined && p.from !== null) expect(p.from).toBeGreaterThan(before.to);
        }
      }
    } else {
      expect(two.circle.length).toBeGreaterThan(0);
    }
  }
});

test('codes are split as people write them, and months stay few', () => {
  expect(splitCodes('T1, T2;T3 | T4')).toEqual(['T1', 'T2', 'T3', 'T4']);
  expect(splitCodes(undefined)).toEqual([]);
  const day = (s: string) => Date.parse(s) / 86_400_000;
  expect(months(day('2020-01-15'), day('2020-04-02'), 12)).toEqual([day('2020-01-01'), day('2020-02-01'), day('2020-03-01'), day('2020-04-01')]);
  expect(months(day('2000-01-01'), day('2030-01-01'), 12).length).toBeLessThanOrEqual(12);
});
