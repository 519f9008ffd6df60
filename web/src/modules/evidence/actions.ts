import type { Action } from '../../app/module';

const results = 'evidence.group.results';
const reading = 'evidence.group.reading';

// The keys of searching and reading. Pages say what an action does; nothing else knows a key.
export const EVIDENCE_ACTIONS: readonly Action[] = [
  { id: 'list.next', keys: ['j'], listKeys: ['ArrowDown'], label: 'evidence.action.next', group: results },
  { id: 'list.previous', keys: ['k'], listKeys: ['ArrowUp'], label: 'evidence.action.previous', group: results },
  { id: 'list.forward', keys: [], listKeys: ['PageDown'], label: 'evidence.action.forward', group: results },
  { id: 'list.backward', keys: [], listKeys: ['PageUp'], label: 'evidence.action.backward', group: results },
  { id: 'list.first', keys: [], listKeys: ['Home'], label: 'evidence.action.first', group: results },
  { id: 'list.last', keys: [], listKeys: ['End'], label: 'evidence.action.last', group: results },
  { id: 'list.tick', keys: ['x'], listKeys: [' '], label: 'evidence.action.tick', group: results },
  { id: 'list.read', keys: ['Enter'], label: 'evidence.action.read', group: results },
  { id: 'list.open', keys: ['o'], label: 'evidence.action.open', group: results },
  { id: 'list.tag', keys: ['t'], label: 'evidence.action.tag', group: results },
  { id: 'search.box', keys: ['/'], label: 'evidence.action.box', group: results },
  { id: 'hit.next', keys: ['n'], label: 'evidence.action.nextHit', group: reading },
  { id: 'hit.previous', keys: ['N'], label: 'evidence.action.previousHit', group: reading },
  { id: 'view.next', keys: ['v'], label: 'evidence.action.view', group: reading },
  { id: 'view.forward', keys: ['ArrowRight'], label: 'evidence.action.viewForward', group: reading },
  { id: 'view.backward', keys: ['ArrowLeft'], label: 'evidence.action.viewBackward', group: reading },
  { id: 'view.play', keys: [' '], label: 'evidence.action.play', group: reading },
  { id: 'view.larger', keys: ['+'], label: 'evidence.action.larger', group: reading },
  { id: 'view.smaller', keys: ['-'], label: 'evidence.action.smaller', group: reading },
  { id: 'item.proof', keys: ['p'], label: 'evidence.action.proof', group: reading },
  { id: 'item.note', keys: ['m'], label: 'evidence.action.note', group: reading },
  { id: 'back', keys: ['Escape'], label: 'evidence.action.back', group: reading },
];
