import { addPerson } from '../office';
import { everyFace } from '../faces';
import { expect, test, violations } from '../guard';
import { come } from '../someone';
import { call, unique } from './leads';

test('a budget forecast is drawn and told, and asked what would change it', async ({ page, browser }) => {
  const link = await addPerson(page, 'Bea Budget', 'Budget officer', 'Case KAR');
  const { page: hers, end } = await come(browser, link);
  const { person } = await call<{ person: { id: string } }>(hers, 'GET', '/session');
  const cohort = (code: string, fate: string, intake: number) => ({ code, fate, payer: 'otp', intake, stay_p50: 9, stay_p90: 24, others: 4, others_share: 0.5, once: 12_000, monthly: 2_500, places: 12 });
  const { code } = await call<{ code: string }>(hers, 'POST', '/kinds/budget/records', {
    values: {
      title: unique('Budget'),
      begins: '2027-01-01',
      months: 36,
      currency: 'EUR',
      owner: person.id.startsWith('P-') ? person.id : `P-${person.id}`,
      cohorts: [cohort('IRS', 'Case one', 2), cohort('MOVED', 'Case two', 0.5)],
      spent: [{ year: 1, amount: 900_000 }],
    },
  });
  await hers.goto(`/#/record/${code}`);
  const costs = hers.getByRole('region', { name: 'What it will cost' });
  await expect(costs.getByRole('status')).toContainText(/Half of the futures cost [\d,]+ or less/);
  await expect(costs.getByRole('table', { name: 'By year' }).getByRole('row')).toHaveCount(4);
  await expect(costs.getByRole('table', { name: 'By year' }).getByRole('row').nth(1)).toContainText('900,000');
  await expect(costs.getByRole('table', { name: 'Places' })).toContainText('IRS');
  await costs.getByRole('button', { name: 'Show the months as a table' }).click();
  await expect(costs.getByRole('table', { name: /Each month/ }).getByRole('row')).toHaveCount(37);
  await costs.getByRole('checkbox', { name: 'Without MOVED' }).check();
  await expect(costs.getByRole('status')).toContainText(/Against the record: [-−][\d,]+ in P50/);
  await costs.getByRole('checkbox', { name: 'Without MOVED' }).uncheck();
  await costs.getByRole('combobox', { name: 'New households' }).selectOption({ label: 'New households: × 2' });
  await expect(costs.getByRole('status')).toContainText(/Against the record: \+[\d,]+ in P50/);
  await everyFace(hers, async () => expect(await violations(hers)).toEqual([]), 'costs');
  await end();
});
