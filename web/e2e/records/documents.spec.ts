import { expect, test } from '../guard';
import { setLanguage } from '../office';
import { call, firstCase, unique } from './leads';

const add = async (page: Parameters<typeof call>[0], kind: string, values: Record<string, unknown>) =>
  (await call<{ code: string }>(page, 'POST', `/kinds/${kind}/records`, { case: await firstCase(page), values })).code;

async function charged(page: Parameters<typeof call>[0]) {
  const situation = await add(page, 'situation', { title: 'Situation in Tarvania', basis: 'REF-SP', territory: 'Tarvania', period: '2019' });
  const person = await add(page, 'suspect_case', { title: unique('The Prosecutor v. Vask'), person: await add(page, 'profile', { name: 'Orlen Vask' }), situation, hypothesis: 'He ordered it.' });
  const count = await add(page, 'count', { title: 'Murder at Osk', person, crime: '7(1)(a)', modes: ['M-25-3-b-O'], period: '2019-04-11', facts: 'Shells fell.' });
  const proposition = await add(page, 'proposition', { text: 'He gave the order.', count, mode: 'M-25-3-b-O', kind: 'material' });
  await add(page, 'proof', { quote: 'spoke of the order', proposition, items: [`${await firstCase(page)}-1`], page: 1, direction: 'incriminating', source: 'W-1' });
  return person;
}

test('a document is made of a record by a template, in the language of its reader, looked at and taken', async ({ page, axe }) => {
  const person = await charged(page);
  await page.goto(`/#/record/${person}`);
  await page.getByRole('button', { name: 'Documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Documents' });
  await dialog.getByLabel('Template').selectOption('Document containing the charges');
  await expect(dialog.getByText('Default, not ratified')).toBeVisible();
  await dialog.getByRole('button', { name: 'Preview' }).click();
  const document = dialog.getByRole('region', { name: 'Preview of the document' });
  await expect(document.getByRole('heading', { name: 'Count 1: Murder at Osk' })).toBeVisible();
  await expect(document.getByRole('row', { name: /spoke of the order/ })).toContainText('[1]');
  await axe();
  await dialog.getByLabel('Language').selectOption('fr');
  await expect(document).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await expect(document.getByRole('heading', { name: 'Chef 1 : Murder at Osk' })).toBeVisible();
  await expect(document).toHaveAttribute('lang', 'fr');
  for (const format of ['PDF', 'DOCX']) {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: format, exact: true }).click();
    expect((await download).suggestedFilename()).toBe(`charges-${person}.${format.toLowerCase()}`);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a report over a period is made where the templates are listed with version, source and mark', async ({ page, axe }) => {
  await page.goto('/#/templates');
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  await expect(page.getByRole('row', { name: /^List of evidence/ })).toContainText('Default, not ratified');
  await page.getByLabel('From').fill('2026-11-16');
  await page.getByLabel('To', { exact: true }).fill('2026-11-22');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('heading', { name: 'Incident report, 16 November 2026 to 22 November 2026' })).toBeVisible();
  await axe();
  await setLanguage(page, 'Français');
  await expect(page.getByRole('heading', { level: 1, name: 'Modèles' })).toBeVisible();
  await axe();
  await setLanguage(page, 'English'); // it is the person's, and they go on
});

test('a template is edited as text: what is wrong is found by its place, what is good is tried out and kept', async ({ page, axe }) => {
  const person = await charged(page);
  await page.goto('/#/templates/list_of_evidence');
  await expect(page.getByText('proposition (count)')).toBeVisible();
  await axe();
  await page.keyboard.press('e');
  const text = page.getByLabel('Declaration (JSON)');
  const good = await text.inputValue();
  await text.fill(good.replace('List of evidence: {title}', 'List of evidence: {titel}'));
  await page.getByRole('button', { name: 'Try out' }).click();
  await expect(page.getByText(/template list_of_evidence\.title\.en: suspect_case has no field "titel"/)).toBeVisible();
  await page.getByRole('button', { name: /^Go to line/ }).click();
  await expect(text).toBeFocused();
  await axe();
  await text.fill(good.replace('List of evidence: {title}', 'Evidence relied on: {title}'));
  await page.getByLabel('Record to try it with').fill('Prosecutor');
  await page.getByRole('option', { name: /Prosecutor/ }).first().click();
  await page.getByRole('button', { name: 'Try out' }).click();
  await expect(page.getByRole('heading', { name: /^Evidence relied on: / })).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Keep as a new version' }).click();
  await expect(page.getByRole('heading', { name: 'Versions' })).toBeVisible();
  await expect(page.getByText(/^Version 2\./)).toBeVisible();
  await page.goto(`/#/record/${person}`);
  await page.getByRole('button', { name: 'Documents' }).click();
  await page.getByLabel('Template').selectOption('List of evidence');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('heading', { name: /^Evidence relied on: / })).toBeVisible();
});
