import { expect, test } from 'vitest';
import { problems } from './check-imports.mjs';

test('a module does not see its neighbour', () => {
  expect(problems('modules/admin/people/x.tsx', "import { a } from '../../evidence/a';")).toHaveLength(1);
  expect(problems('modules/admin/people/x.tsx', "const a = () => import('../../evidence/a');")).toHaveLength(1);
  expect(problems('modules/admin/people/x.tsx', "import { a } from '../../../ui/a';\nimport b from '../b';")).toEqual([]);
});

test('ui and api see nothing above them; app sees modules in one list only', () => {
  expect(problems('ui/x.tsx', "import { a } from '../app/a';")).toHaveLength(1);
  expect(problems('ui/x.tsx', "import { a } from '../api/a';")).toHaveLength(1);
  expect(problems('api/x.ts', "import { a } from '../ui/a';")).toHaveLength(1);
  expect(problems('app/Shell.tsx', "import { a } from '../modules/admin';")).toHaveLength(1);
  expect(problems('app/modules.ts', "import { a } from '../modules/admin';")).toEqual([]);
});

test('long files, HTML sinks and storage are told', () => {
  expect(problems('ui/x.tsx', 'a\n'.repeat(301))).toHaveLength(1);
  expect(problems('ui/x.tsx', '<p dangerouslySetInnerHTML={{ __html: x }} />')).toHaveLength(1);
  expect(problems('modules/evidence/x.ts', 'localStorage.setItem("a", "b")')).toHaveLength(1);
});
