// For tests only: the demonstration kind as the server gives it.
import { readFileSync } from 'node:fs';
import type { Kind } from '../../../api/kinds';

const read = (path: string) => JSON.parse(readFileSync(`../data/${path}.json`, 'utf8')) as object;

export const LEAD = {
  ...read('kinds/demonstration/lead'),
  vocabularies: { channel: read('vocabularies/channel'), grading: read('vocabularies/grading'), relation: read('vocabularies/relation') },
  cases: [
    { id: '1', code: 'KAR', title: 'Case KAR' },
    { id: '2', code: 'ZED', title: 'Case ZED' },
  ],
  may: ['add', 'change'],
} as unknown as Kind;
