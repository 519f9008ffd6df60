// The one table of keys. A page says what an action does; which key starts it, and when keys rest, is decided here.
import { useEffect, useRef } from 'react';
import type { Action } from './module';

export const APP_ACTIONS: readonly Action[] = [
  { id: 'app.keys', keys: ['?'], label: 'app.action.keys', group: 'app.group.everywhere' },
  { id: 'app.hide', keys: ['F9'], label: 'app.action.hide', group: 'app.group.everywhere' },
];

export type Handlers = Readonly<Record<string, (() => void) | undefined>>;

type KeyLike = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;
type Where = { typing: boolean; dialog: boolean; singleKeys: boolean };

// Keys that may act while a field has the focus or a dialog is open; and those that may act in a field only.
const ALWAYS = new Set(['F9']);
const IN_FIELDS = new Set(['Escape']);

// Two modules may use one key: the action that a page on the screen answers to is meant.
export function actionFor(table: readonly Action[], event: KeyLike, where: Where, can: (id: string) => boolean = () => true): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const action = table.find((a) => a.keys.includes(event.key) && can(a.id));
  if (!action) return null;
  if (ALWAYS.has(event.key)) return action.id;
  if (where.dialog || (where.typing && !IN_FIELDS.has(event.key))) return null;
  if (event.key.length === 1 && !where.singleKeys) return null;
  return action.id;
}

const QUIET_INPUTS = new Set(['checkbox', 'radio', 'button', 'submit', 'range', 'file']);

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !QUIET_INPUTS.has(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

// A button, link or box with the focus keeps Enter and Space for itself.
const ownsEnter = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('button, a[href], input, select, summary') !== null;

const stack: Handlers[] = [];

// The action that a key starts while a list has the focus.
export const listActionFor = (table: readonly Action[], key: string) => table.find((a) => a.listKeys?.includes(key))?.id ?? null;

export const canRun = (id: string) => stack.some((handlers) => handlers[id] !== undefined);

export function runAction(id: string): boolean {
  for (let i = stack.length - 1; i >= 0; i -= 1) {
    const act = stack[i]?.[id];
    if (act) {
      act();
      return true;
    }
  }
  return false;
}

// The page's part: what the actions do while it is shown. The latest page to be shown comes first.
export function useActions(handlers: Handlers) {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const entry: Handlers = new Proxy({}, { get: (_, id: string) => latest.current[id] });
    stack.push(entry);
    return () => void stack.splice(stack.indexOf(entry), 1);
  }, []);
}

// The shell's part: one listener for all.
export function useActionKeys(table: readonly Action[], singleKeys: boolean) {
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented) return;
      if ((e.key === 'Enter' || e.key === ' ') && ownsEnter(e.target)) return;
      const where = {
        typing: isTyping(e.target),
        dialog: document.querySelector('[role=dialog], [role=alertdialog]') !== null,
        singleKeys,
      };
      const id = actionFor(table, e, where, canRun);
      if (id && runAction(id)) e.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [table, singleKeys]);
}
