// A review that freezes its matrix, and a record that goes behind a wall.
import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { call, firstCase, tabTo, unique } from '../records/leads';

test('a review is frozen, and what is otherwise since stands beside it', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const inCase = await firstCase(page);
  const add = async (kind: string, values: object) => (await call<{ code: string }>(page, 'POST', `/kinds/${kind}/records`, { case: inCase, values })).code;
  const situation = await add('situation', { title: unique('Situation'), basis: 'REF-SP', territory: 'Tarvania', period: '2019' });
  const person = await add('suspect_case', { title: unique('The Prosecutor v. Vask'), person: await add('profile', { name: unique('Vask') }), situation, hypothesis: 'x' });
  const title = unique('Murder');
  const count = await add('count', { title, person, crime: '7(1)(a)', modes: ['M-28-a'], period: '2019', facts: 'x' });
  const review = await add('review', { title: unique('Panel'), person, review_type: 'external', members: ['P-1'], declarations: [{ member: 'P-1', conflict: false }] });

  await page.goto(`/#/record/${review}`);
  await expect(page.getByRole('link', { name: 'Proof matrix' })).toHaveCount(0);
  await tabTo(page, page.getByRole('button', { name: 'Freeze the matrix' }), 80);
  await page.keyboard.press('Enter');
  const link = page.getByRole('link', { name: 'Proof matrix' });
  await expect(link).toBeVisible();
  await link.click();
  await expect(page.getByText('As it was frozen')).toBeVisible();
  await expect(page.getByText('No level is another by now.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Rate/ })).toHaveCount(0);
  await axe();

  await add('element_rating', { title: 'Judged', count, element: '7(1)(a)-1', standard: 'SG', rating: '4', by: 'P-1', rationale: 'Because' });
  await page.reload();
  await expect(page.getByText('One level is another by now:')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: '7(1)(a)-1' })).toContainText('was: Not rated; now: Meets substantial grounds');
  await everyFace(page, axe, 'frozen');
});

test('a record goes behind a wall with what names it, and comes back only by two', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const inCase = await firstCase(page);
  const wall = unique('Warrant');
  await call(page, 'POST', '/compartments', { name: wall });
  const add = async (kind: string, values: object) => (await call<{ code: string }>(page, 'POST', `/kinds/${kind}/records`, { case: inCase, values })).code;
  const profile = await add('profile', { name: unique('Sadu') });
  const situation = await add('situation', { title: unique('Situation'), basis: 'REF-SP', territory: 'Tarvania', period: '2019' });
  const title = unique('v. Sadu');
  await add('suspect_case', { title, person: profile, situation, hypothesis: 'He gave the order' });
  await page.goto(`/#/record/${profile}`);
  const change = page.getByRole('button', { name: 'Change label' });
  await tabTo(page, change, 80);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Label of the record' });
  await expect(dialog.getByText(/goes along/)).toHaveCount(0);
  await dialog.getByLabel(wall).check();
  await expect(dialog.getByLabel('Also the records that name it')).toBeChecked();
  await expect(dialog.getByText('1 other record goes along:')).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: title })).toBeVisible();
  await axe();
  await dialog.getByLabel(/Reason/).fill('the warrant is under seal');
  await dialog.getByRole('button', { name: 'Save label' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.case-label').getByText(wall)).toBeVisible();
  await everyFace(page, axe, 'record-label');

  await change.click();
  await dialog.getByLabel(wall).uncheck();
  await dialog.getByLabel(/Reason/).fill('the warrant is public');
  await dialog.getByRole('button', { name: 'Save label' }).click();
  await expect(dialog.getByText(/second person/).first()).toBeVisible();
  await axe();
});
