import { expect, test } from 'vitest';
import type { Tag } from '../../../api/filing';
import { depths, subtree } from './names';

const tag = (id: string, parent: string | null): Tag => ({ id, parent, kind: 'folder', name: id, path: id, count: 0, below: 0, retired: false, etag: '"1"' });
const tree = [tag('1', null), tag('2', '1'), tag('3', '2'), tag('4', null)];

test('how deep a folder lies is counted from the top', () => {
  expect([...depths(tree).values()]).toEqual([0, 1, 2, 0]);
});

test('what is below a folder is below it at any depth', () => {
  expect([...subtree(tree, '1')]).toEqual(['1', '2', '3']);
  expect([...subtree(tree, '4')]).toEqual(['4']);
});
