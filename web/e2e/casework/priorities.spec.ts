import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { call, firstCase, unique } from '../records/leads';

const CRITERIA = ['scale', 'nature', 'manner', 'impact', 'responsibility', 'evidence', 'access', 'appearance', 'effect'];

test('cases are ranked, and the page says how much of the order is the weights’', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const inCase = await firstCase(page);
  const me = (await call<{ person: { id: string } }>(page, 'GET', '/session')).person.id;
  const add = (title: string, scores: number[], more: object = {}) =>
    call<{ code: string }>(page, 'POST', '/kinds/priority/records', {
      case: inCase,
      values: { title, scores: scores.map((score, i) => ({ under: CRITERIA[i], assessor: me, score })), ...more },
    });
  const first = unique('Shelling of Osk');
  await add(first, [4, 4, 3, 3, 4, 3, 2, 2, 3], { target: '2026-01' });
  await add(unique('Camp at the mill'), [3, 3, 3, 3, 3, 3, 3, 3, 3], { target: '2027-06' });
  await add(unique('Expulsion from Belmar'), [3, 2, 3, 4, 2, 4, 3, 1, 5]);
  await add(unique('Not yet scored'), [3, 2]);
  await page.goto('/#/records/priority');
  await page.getByRole('link', { name: 'Ranking', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ranking of priorities' })).toBeVisible();
  const row = page.getByRole('table', { name: 'Order' }).getByRole('row', { name: new RegExp(first) });
  await expect(row).toContainText('3.2');
  await expect(row).toContainText('10% → 25%');
  await expect(row).toContainText('passed');
  await expect(page.getByRole('region', { name: 'Not ranked yet' })).toContainText('Gravity: manner');
  await everyFace(page, axe, 'priorities');
  for (const format of ['XLSX', 'DOCX', 'PDF']) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: format, exact: true }).click();
    expect((await waiting).suggestedFilename()).toBe(`Priorities.${format.toLowerCase()}`);
  }
});
