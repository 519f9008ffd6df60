import { addPerson } from '../office';
import { everyFace } from '../faces';
import { expect, test, violations } from '../guard';
import { come } from '../someone';
import { call, firstCase } from './leads';

type Codes = { codes: { code: string }[] };

test('incidents are looked at for patterns, and a cluster leads to its incidents', async ({ page, browser }) => {
  const link = await addPerson(page, 'Pia Patterns', 'Protection officer', 'Case KAR');
  const { page: hers, end } = await come(browser, link);
  const inCase = await firstCase(page);
  await call(hers, 'PUT', `/cases/${inCase}/purpose`, { purpose: 'protection', reason: 'work of the tests' });
  const { vocabularies } = await call<{ vocabularies: Record<string, Codes> }>(hers, 'GET', '/kinds/incident');
  const first = (name: string) => vocabularies[name]!.codes[0]!.code;
  const add = (when: string, lat: number, lon: number) =>
    call(hers, 'POST', '/kinds/incident/records', {
      case: inCase,
      values: { title: `Of ${when}`, act_family: first('act_family'), when, account: 'x', reported: '2026-11-20', verification: first('verification'), severity_actual: 2, severity_potential: 3, art70: first('art70'), place: { lat, lon } },
    });
  for (let month = 1; month < 10; month += 1) await add(`2026-0${month}-15`, 5 + (month % 3), 20 + (month % 4));
  for (let day = 12; day < 17; day += 1) await add(`2026-10-${day}`, 6.1, 21.1 + day / 1000);

  await hers.goto('/#/records/incident');
  await hers.getByRole('link', { name: 'Patterns', exact: true }).click();
  await expect(hers.getByRole('heading', { level: 1, name: 'Patterns' })).toBeVisible();
  await expect(hers.getByRole('status').filter({ hasText: /incidents that you may read/ })).toBeVisible();
  await expect(hers.getByText('Few incidents: a pattern here says little')).toBeVisible();
  await expect(hers.getByRole('table', { name: 'Weeks that stand out' }).getByRole('row')).not.toHaveCount(1);
  await expect(hers.getByRole('region', { name: 'Near one another' })).toContainText('p = ');
  const cluster = hers.getByRole('region', { name: 'A cluster now' });
  await expect(cluster).toContainText('by chance alone');
  await hers.getByRole('combobox', { name: 'Case' }).selectOption({ index: 1 });
  await expect(hers.getByRole('status').filter({ hasText: /incidents that you may read/ })).toBeVisible();
  await everyFace(hers, async () => expect(await violations(hers)).toEqual([]), 'patterns');
  await cluster.getByRole('link').first().click();
  await expect(hers.getByRole('heading', { level: 1, name: /^Of 2026-10/ })).toBeVisible();
  await end();
});
