// Two persons in two browsers: what nobody does alone, what is opened in an emergency, and what is lost.
import type { Page } from '@playwright/test';
import { expect, test, violations } from '../guard';
import { addPerson, choosePurpose, RESULTS } from '../office';
import { come } from '../someone';

async function caseCodes(page: Page): Promise<[string, string]> {
  await page.goto('/#/cases');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(2)).toBeVisible();
  return [(await rows.nth(1).getByRole('link').textContent())!, (await rows.nth(2).getByRole('link').textContent())!];
}

const picture = (page: Page, name: string) => page.screenshot({ path: `${RESULTS}/screens/rights-${name}.png` });

test('a label is raised by one person, and lowered only when a second agrees', async ({ page, browser, axe }) => {
  test.setTimeout(120_000);
  const [first, second] = await caseCodes(page);
  const prosecutor = await come(browser, await addPerson(page, `Prosecutor ${Date.now() % 100_000}`, 'Prosecutor', second));
  await page.goto('/#/cases');
  await page.getByRole('table').getByRole('link', { name: second }).click();
  const bar = page.getByRole('region', { name: 'Label and purpose' });
  await expect(bar).toContainText('INTERNAL');

  const label = async (name: string) => {
    await bar.getByRole('button', { name: 'Change label' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name, exact: true }).check();
    await dialog.getByLabel('Reason').fill('new statements came in');
    await dialog.getByRole('button', { name: 'Save label' }).click();
    return dialog;
  };
  await label('CONFIDENTIAL');
  // From this class on a reason is asked for; the page asks at once.
  await expect(page.getByText('The class of this case asks for one')).toBeVisible();
  await axe();
  await picture(page, 'purpose');
  await choosePurpose(page, bar);
  await expect(bar).toContainText('CONFIDENTIAL');

  const dialog = await label('INTERNAL');
  await expect(dialog.getByText('Nobody does this alone')).toBeVisible();
  await axe();
  await picture(page, 'label');
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(dialog.getByText('Approval asked for')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await expect(prosecutor.page.getByRole('link', { name: '1 alarm' })).toBeVisible();
  await prosecutor.page.goto('/#/approvals');
  await prosecutor.page.getByRole('button', { name: 'Decide' }).click();
  const decision = prosecutor.page.getByRole('dialog');
  await expect(decision).toContainText('INTERNAL');
  expect(await violations(prosecutor.page)).toEqual([]);
  await picture(prosecutor.page, 'decide');
  await decision.getByRole('button', { name: 'Approve' }).click();
  await choosePurpose(prosecutor.page, prosecutor.page.getByRole('row').filter({ hasText: 'Approved' }));
  await expect(prosecutor.page.getByRole('row').filter({ hasText: 'Approved' })).toBeVisible();
  await prosecutor.end();

  await page.goto('/#/approvals');
  await axe();
  await picture(page, 'approvals');
  await page.getByRole('button', { name: 'Do it now' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Used' })).toBeVisible();
  await page.goto('/#/cases');
  await page.getByRole('table').getByRole('link', { name: second }).click();
  await expect(bar).toContainText('INTERNAL');
  expect(first).not.toBe(second);
});

test('in an emergency a case opens to read; the auditor is told and reviews it', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const [first, second] = await caseCodes(page);
  const stamp = Date.now() % 100_000;
  const auditor = await come(browser, await addPerson(page, `Auditor ${stamp}`, 'Auditor', first));
  const one = await come(browser, await addPerson(page, `Urgent ${stamp}`, 'Investigator', second));
  await expect(one.page.getByText(first, { exact: true })).toHaveCount(0);
  await one.page.getByRole('navigation').getByRole('link', { name: 'Break-glass' }).click();
  await one.page.getByRole('button', { name: 'Break glass' }).click();
  const dialog = one.page.getByRole('dialog');
  await dialog.getByLabel('Code of the case').fill('NOSUCHCASE');
  await dialog.getByLabel('Reason').fill('a witness is followed');
  await dialog.getByRole('button', { name: 'Open the case' }).click();
  await expect(dialog.getByText('Not found.')).toBeVisible();
  expect(await violations(one.page)).toEqual([]);
  await dialog.getByLabel('Code of the case').fill(first.toLowerCase());
  await picture(one.page, 'break');
  await one.page.keyboard.press('Tab');
  await dialog.getByLabel('Reason').press('Enter');
  await expect(one.page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await picture(one.page, 'in-case');

  await auditor.page.getByRole('link', { name: '1 alarm' }).click();
  await expect(auditor.page.getByRole('row').filter({ hasText: `Urgent ${stamp}` })).toContainText(first);
  await auditor.page.getByRole('button', { name: 'Seen' }).click();
  await expect(auditor.page.getByRole('link', { name: '1 alarm' })).toHaveCount(0);
  await picture(auditor.page, 'alarms');
  await auditor.page.getByRole('link', { name: /Break-glass: a case/ }).click();
  await auditor.page.getByRole('button', { name: 'Review' }).click();
  const review = auditor.page.getByRole('dialog');
  await review.getByRole('radio', { name: 'Not justified' }).check();
  await review.getByLabel('What you found').fill('nobody was followed');
  expect(await violations(auditor.page)).toEqual([]);
  await review.getByRole('button', { name: 'Save the review' }).click();
  await expect(auditor.page.getByRole('row').filter({ hasText: `Urgent ${stamp}` })).toContainText('Not justified');
  await picture(auditor.page, 'glass');
  await one.page.reload();
  await expect(one.page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await auditor.end();
  await one.end();
});

test('a compartment is made, a person is admitted by two, and others do not see it', async ({ page, axe }) => {
  const [first] = await caseCodes(page);
  const name = `Walled ${Date.now() % 100_000}`;
  await addPerson(page, name, 'Analyst', first);
  await page.getByRole('button', { name: `Clearance ${name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New compartment').fill('Sources');
  await dialog.getByRole('button', { name: 'Make' }).click();
  await dialog.getByRole('checkbox', { name: 'Sources' }).first().check();
  await dialog.getByLabel('Reason').fill('works with the sources');
  await dialog.getByRole('button', { name: 'Save clearance' }).click();
  await expect(dialog.getByText('Nobody does this alone')).toBeVisible();
  await axe();
  await picture(page, 'clearance');
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(dialog.getByText('Approval asked for')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.goto('/#/approvals');
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Sources');
  await page.getByRole('row').filter({ hasText: name }).getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Withdrawn');
});

test('a recovery is asked for, and the person can object', async ({ page, browser, axe }) => {
  const [first] = await caseCodes(page);
  const name = `Lost ${Date.now() % 100_000}`;
  const lost = await come(browser, await addPerson(page, name, 'Analyst', first));
  const id = await lost.page.evaluate(async () => ((await (await fetch('/api/v1/session')).json()) as { person: { id: string } }).person.id);
  await page.goto('/#/recoveries');
  await page.getByRole('button', { name: 'Ask for a recovery' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code of the person').fill(id);
  await dialog.getByLabel('Reason').fill('all keys were stolen');
  await axe();
  await dialog.getByRole('button', { name: 'Ask for a recovery' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('Waits for the second officer');
  await picture(page, 'recovery');
  await lost.page.getByRole('link', { name: '1 alarm' }).click();
  await lost.page.getByRole('link', { name: 'Recovery of a sign-in asked for' }).click();
  await lost.page.getByRole('button', { name: 'Withdraw' }).click();
  await expect(lost.page.getByRole('row').filter({ hasText: name })).toContainText('Withdrawn');
  await lost.end();
});

test('the last passkey stays; with another it can be removed', async ({ page, browser }) => {
  const [first] = await caseCodes(page);
  const one = await come(browser, await addPerson(page, `Keys ${Date.now() % 100_000}`, 'Analyst', first));
  await one.page.goto('/#/account');
  await expect(one.page.getByText('Your last means to sign in')).toBeVisible();
  await one.page.getByLabel('New password').fill('one long sentence of the tests');
  await picture(one.page, 'keys');
  await one.end();
});

test('who may seal the office is asked for a reason first, and nobody else sees it', async ({ page, browser }) => {
  const [first] = await caseCodes(page);
  const one = await come(browser, await addPerson(page, `Duty ${Date.now() % 100_000}`, 'Duty officer', first));
  await one.page.goto('/#/account');
  await one.page.getByRole('button', { name: 'Seal the office now' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Seal the office?' });
  await expect(dialog.getByRole('button', { name: 'Seal the office now' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('men at the door');
  await expect(dialog.getByRole('button', { name: 'Seal the office now' })).toBeEnabled();
  expect(await violations(one.page)).toEqual([]);
  await picture(one.page, 'seal');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await one.end();
  await page.goto('/#/account');
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Seal the office now' })).toBeHidden();
});
