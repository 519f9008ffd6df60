import { expect, test, vi } from 'vitest';
import { backoff, openEvents } from './events';

class FakeSource extends EventTarget {
  readyState = 1;
  close = vi.fn();
}

test('events are told, broken lines are not', () => {
  const source = new FakeSource();
  const seen: unknown[] = [];
  const end = openEvents({ url: '/e', names: ['processing'], onEvent: (n, d) => seen.push([n, d]), make: () => source as never });
  source.dispatchEvent(new MessageEvent('processing', { data: '{"done":1}' }));
  source.dispatchEvent(new MessageEvent('processing', { data: '{"done":' }));
  source.dispatchEvent(new MessageEvent('other', { data: '{}' }));
  expect(seen).toEqual([['processing', { done: 1 }]]);
  end();
  expect(source.close).toHaveBeenCalled();
});

test('a source that the browser gave up is opened anew; one that reconnects is left alone', () => {
  vi.useFakeTimers();
  const made: FakeSource[] = [];
  const make = () => {
    made.push(new FakeSource());
    return made.at(-1) as never;
  };
  const end = openEvents({ url: '/e', names: [], onEvent: () => undefined, make, wait: () => 10 });
  made[0]!.readyState = 0;
  made[0]!.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(50);
  expect(made).toHaveLength(1);
  made[0]!.readyState = 2;
  made[0]!.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(50);
  expect(made).toHaveLength(2);
  made[1]!.readyState = 2;
  made[1]!.dispatchEvent(new Event('error'));
  end();
  vi.advanceTimersByTime(50);
  expect(made).toHaveLength(2);
  vi.useRealTimers();
});

test('waiting grows and ends at half a minute', () => {
  expect([0, 1, 2, 9].map(backoff)).toEqual([1000, 2000, 4000, 30000]);
});
