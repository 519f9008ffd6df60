// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { actionFor, isTyping, runAction, useActionKeys, useActions } from './actions';
import type { Action } from './module';
import { modules } from './modules';
import { APP_ACTIONS } from './actions';

const table: Action[] = [
  { id: 'next', keys: ['j', 'ArrowDown'], label: 'l', group: 'g' },
  { id: 'hide', keys: ['F9'], label: 'l', group: 'g' },
];
const key = (k: string, more = {}) => ({ key: k, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...more });
const free = { typing: false, dialog: false, singleKeys: true };

test('single keys rest in fields, in dialogs, with modifiers and when switched off', () => {
  expect(actionFor(table, key('j'), free)).toBe('next');
  expect(actionFor(table, key('j'), { ...free, typing: true })).toBeNull();
  expect(actionFor(table, key('j'), { ...free, dialog: true })).toBeNull();
  expect(actionFor(table, key('j'), { ...free, singleKeys: false })).toBeNull();
  expect(actionFor(table, key('j', { ctrlKey: true }), free)).toBeNull();
  expect(actionFor(table, key('j', { isComposing: true }), free)).toBeNull();
  expect(actionFor(table, key('ArrowDown'), { ...free, singleKeys: false })).toBe('next');
  expect(actionFor(table, key('z'), free)).toBeNull();
});

test('hiding works everywhere', () => {
  expect(actionFor(table, key('F9'), { typing: true, dialog: true, singleKeys: false })).toBe('hide');
});

test('a box to tick is not a field to type in', () => {
  const input = document.createElement('input');
  expect(isTyping(input)).toBe(true);
  input.type = 'checkbox';
  expect(isTyping(input)).toBe(false);
  expect(isTyping(document.createElement('textarea'))).toBe(true);
  expect(isTyping(document.createElement('div'))).toBe(false);
});

test('the latest page answers first, and what it leaves goes to the page below', () => {
  const below = vi.fn();
  const above = vi.fn();
  renderHook(() => useActions({ next: below, other: below }));
  const top = renderHook(() => useActions({ next: above }));
  renderHook(() => useActionKeys(table, true));
  dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
  expect(above).toHaveBeenCalledTimes(1);
  expect(below).not.toHaveBeenCalled();
  top.unmount();
  expect(runAction('next')).toBe(true);
  expect(below).toHaveBeenCalledTimes(1);
  expect(runAction('nothing')).toBe(false);
});

test('no key is given twice in a module, and none of the shell in any', () => {
  for (const module of modules) {
    const keys = [...APP_ACTIONS, ...module.actions].flatMap((a) => a.keys);
    expect(keys.length).toBe(new Set(keys).size);
  }
});

test('a key of two modules starts what the page on the screen answers to', () => {
  const two: Action[] = [...table, { id: 'other', keys: ['j'], label: 'l', group: 'g' }];
  expect(actionFor(two, key('j'), free, (id) => id === 'other')).toBe('other');
  expect(actionFor(two, key('j'), free)).toBe('next');
});
