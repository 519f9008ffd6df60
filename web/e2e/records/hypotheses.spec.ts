import { addPerson } from '../office';
import { everyFace } from '../faces';
import { expect, test, violations } from '../guard';
import { come } from '../someone';
import { call, unique } from './leads';

// Weights: B2 .64, C3 .36, A1 1. Against H1 .36 + 2 * .36 = 1.08; against H2 .64; against H3 .36 + .36 = .72.
const EVIDENCE = [
  { code: 'E1', text: 'A captain asked for names', grade: { scheme: 'admiralty', source: 'B', information: '2' } },
  { code: 'E2', text: 'Money was offered', grade: { scheme: 'admiralty', source: 'C', information: '3' }, origin: 'family' },
  { code: 'E3', text: 'No demand followed', absence: true, grade: { scheme: 'admiralty', source: 'C', information: '3' } },
  { code: 'E4', text: 'It happened in Osk', grade: { scheme: 'admiralty', source: 'A', information: '1' } },
];
// Of E1 to E4, against H1, H2, H3.
const RATINGS = [['CC', 'I', 'N'], ['I', 'C', 'I'], ['II', 'N', 'I'], ['N', 'N', 'N']];

test('an analysis of hypotheses shows what speaks against each and on what that rests', async ({ page, browser }) => {
  const { page: hers, end } = await come(browser, await addPerson(page, 'Hedy Hypothesis', 'Protection officer', 'Case KAR'));
  const { cases } = await call<{ cases: { id: string }[] }>(hers, 'GET', '/kinds/ach');
  const inCase = cases[0]!.id;
  const { needed, purposes } = await call<{ needed: boolean; purposes: { id: string }[] }>(hers, 'GET', `/cases/${inCase}/purpose`);
  if (needed) await call(hers, 'PUT', `/cases/${inCase}/purpose`, { purpose: purposes[0]!.id, reason: 'the work of this test' });
  const { person } = await call<{ person: { id: string } }>(hers, 'GET', '/session');
  const ratings = RATINGS.flatMap((row, e) => row.map((rating, h) => ({ evidence: `E${e + 1}`, hypothesis: `H${h + 1}`, rating })));
  const add = (more: Record<string, unknown>) =>
    call<{ code: string }>(hers, 'POST', '/kinds/ach/records', {
      case: inCase,
      values: {
        title: unique('Who asks'),
        question: 'Who is behind it?',
        owner: person.id.startsWith('P-') ? person.id : `P-${person.id}`,
        hypotheses: [
          { code: 'H1', text: 'The network' },
          { code: 'H2', text: 'A family alone' },
          { code: 'H3', text: 'Somebody stages it', deception: true },
        ],
        evidence: EVIDENCE,
        ratings,
        ...more,
      },
    });
  const { code } = await add({});
  await hers.goto(`/#/record/${code}`);
  const view = hers.getByRole('region', { name: 'Hypotheses weighed' });
  await expect(view.getByRole('status')).toHaveText('H2 has the least against it.');
  // Without E1 nothing is against H2 at all; without E2 it is .72, .64, .36; without E3 .36, .64, .36.
  const turns = view.getByRole('list', { name: 'On what that rests' }).getByRole('listitem');
  await expect(turns).toHaveText(['Without E2, H3 would have the least against it.', 'Without E3, H1 and H3 would have the least against them.']);
  const table = view.getByRole('table', { name: 'How well each piece of evidence fits each hypothesis' });
  const row = (name: RegExp) => table.getByRole('row', { name }).getByRole('cell');
  await expect(row(/^E1/)).toHaveText(['++ Very consistent', '− Inconsistent', '0 Neutral', '0.64', '2.079']);
  await expect(row(/^E3/)).toHaveText(['−− Very inconsistent', '0 Neutral', '− Inconsistent', '0.36', '1.386']);
  await expect(table.getByRole('rowheader', { name: /^E3/ })).toContainText('Expected and not seen');
  await expect(row(/^E4/)).toHaveText(['0 Neutral', '0 Neutral', '0 Neutral', '1', 'none']);
  await expect(row(/^Against it \d/)).toHaveText(['1.08 (rank 3)', '0.64 (rank 1)', '0.72 (rank 2)', '']);
  await expect(table.getByRole('columnheader', { name: /^H3/ })).toContainText('Deception');
  // The table can be moved by the keyboard where it is wider than the page.
  await view.getByRole('region', { name: 'How well each piece of evidence fits each hypothesis' }).focus();
  await everyFace(hers, async () => expect(await violations(hers)).toEqual([]), 'hypotheses');

  const { code: part } = await add({ ratings: ratings.filter((r) => r.hypothesis !== 'H3'), hypotheses: [{ code: 'H1', text: 'The network' }, { code: 'H2', text: 'A family alone' }, { code: 'H3', text: 'Somebody stages it' }] });
  await hers.goto(`/#/record/${part}`);
  await expect(view.getByRole('list', { name: 'Before it can be reviewed:' }).getByRole('listitem')).toHaveText([
    /^R-STRA-5: no hypothesis says that somebody deceives us/,
    'Every piece of evidence is rated against every hypothesis: rate E1/H3, E2/H3, E3/H3, E4/H3',
  ]);
  await expect(row(/^E1/).nth(2)).toHaveText('Not rated');
  await end();
});
