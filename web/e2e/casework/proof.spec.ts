import type { Page } from '@playwright/test';
import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { QUERY, search } from '../office';
import { call, firstCase, tabTo, unique } from '../records/leads';

async function add(page: Page, kind: string, values: object): Promise<string> {
  return (await call<{ code: string }>(page, 'POST', `/kinds/${kind}/records`, { case: await firstCase(page), values })).code;
}

async function aCount(page: Page) {
  const situation = await add(page, 'situation', { title: 'Situation in Tarvania', basis: 'REF-SP', territory: 'Tarvania', period: '2019' });
  const profile = await add(page, 'profile', { name: unique('Orlen Vask') });
  const person = await add(page, 'suspect_case', { title: unique('The Prosecutor v. Vask'), person: profile, situation, hypothesis: 'He ordered it.' });
  const title = unique('Murder at Osk');
  const count = await add(page, 'count', { title, person, crime: '7(1)(a)', modes: ['M-25-3-b-O'], period: '2019-04-11', facts: 'Shells fell.' });
  const text = unique('Forty people died');
  const proposition = await add(page, 'proposition', { text, count, element: '7(1)(a)-1', kind: 'material' });
  return { person, count, title, proposition, text };
}

test('an item is linked to a proposition by one key, and stands in the matrix', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const made = await aCount(page);
  await search(page, QUERY);
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  await expect(page.locator('summary').first()).toBeVisible();
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog', { name: 'Link this item to a proposition' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel('Page')).toHaveValue(/\d+/);
  await axe();
  await dialog.getByRole('combobox', { name: /Proposition/ }).fill(made.text);
  await page.getByRole('option', { name: new RegExp(made.text) }).click();
  await dialog.getByLabel(/Quote/).fill('Seen at the bridge');
  await dialog.getByLabel('Independent source').fill('W-7');
  await dialog.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(page.getByText(/Linked as PRF-/)).toBeVisible();

  await page.goto(`/#/record/${made.person}`);
  await page.getByRole('link', { name: 'Proof matrix' }).click();
  const count = page.getByRole('region', { name: new RegExp(made.title) }).first();
  await expect(count.getByText('No level: an element')).toBeVisible();
  const killed = count.getByRole('row', { name: /killed/ });
  await expect(killed).toContainText('one source alone');
  await expect(killed).toContainText('no exonerating search recorded');
  await axe();
  await expect(count.getByRole('rowheader', { name: /^Ordering.*No level under this mode/ })).toBeVisible();
  await expect(count.getByRole('row', { name: /instructs another/ })).toContainText('Not rated');
  const rate = killed.getByRole('button', { name: /Rate/ });
  await tabTo(page, rate, 80);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Standard').selectOption('SG');
  await page.getByRole('dialog').getByLabel('Rating').selectOption('3');
  await page.getByRole('dialog').getByLabel('Reasons').fill('One account alone.');
  await axe();
  await page.getByRole('dialog').getByRole('button', { name: 'Rate' }).click();
  await expect(killed).toContainText('Meets reasonable grounds');
  for (const view of ['By element', 'By source', 'By item', 'What is missing']) {
    await page.getByRole('button', { name: view, exact: true }).click();
    await expect(page.getByRole('region', { name: view })).toBeVisible();
    if (view === 'By source') await expect(page.getByRole('region', { name: 'W-7' }).first()).toContainText('Seen at the bridge');
    await axe();
  }
  for (const format of ['XLSX', 'DOCX', 'PDF']) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: format, exact: true }).click();
    expect((await waiting).suggestedFilename()).toBe(`${made.person}.${format.toLowerCase()}`);
  }
});

test('the matrix in every theme and language', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const { person, title } = await aCount(page);
  await page.goto(`/#/proof/${person}`);
  await expect(page.getByText(title).first()).toBeVisible();
  await everyFace(page, axe, 'proof');
});
