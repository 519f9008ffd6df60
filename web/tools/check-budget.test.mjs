import { expect, test } from 'vitest';
import { weigh } from './check-budget.mjs';

const manifest = {
  'index.html': { file: 'a.js', isEntry: true, imports: ['_react'] },
  _react: { file: 'react.js' },
  'src/page.tsx': { file: 'page.js', isDynamicEntry: true, imports: ['_react', '_shared'] },
  _shared: { file: 'shared.js' },
};

test('a page is charged with what the shell has not loaded', () => {
  const { shell, pages, over } = weigh(manifest, (f) => ({ 'a.js': 10_000, 'react.js': 60_000, 'page.js': 5_000, 'shared.js': 7_000 })[f]);
  expect(shell).toBe(70);
  expect(pages).toEqual([{ page: 'src/page.tsx', kB: 12 }]);
  expect(over).toEqual([]);
});

test('what is over the budget is told', () => {
  expect(weigh(manifest, () => 300_000).over).toHaveLength(2);
});
