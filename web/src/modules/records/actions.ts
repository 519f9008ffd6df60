import type { Action } from '../../app/module';

const list = 'records.group.list';
const page = 'records.group.page';

export const RECORDS_ACTIONS: readonly Action[] = [
  { id: 'records.next', keys: ['j'], listKeys: ['ArrowDown'], label: 'records.action.next', group: list },
  { id: 'records.previous', keys: ['k'], listKeys: ['ArrowUp'], label: 'records.action.previous', group: list },
  { id: 'records.forward', keys: [], listKeys: ['PageDown'], label: 'records.action.forward', group: list },
  { id: 'records.backward', keys: [], listKeys: ['PageUp'], label: 'records.action.backward', group: list },
  { id: 'records.first', keys: [], listKeys: ['Home'], label: 'records.action.first', group: list },
  { id: 'records.last', keys: [], listKeys: ['End'], label: 'records.action.last', group: list },
  { id: 'records.open', keys: ['Enter'], listKeys: ['o'], label: 'records.action.open', group: list },
  { id: 'records.box', keys: ['/'], label: 'records.action.box', group: list },
  { id: 'records.new', keys: ['n'], label: 'records.action.new', group: list },
  { id: 'records.edit', keys: ['e'], label: 'records.action.edit', group: page },
  { id: 'records.back', keys: ['Escape'], label: 'records.action.back', group: page },
];
