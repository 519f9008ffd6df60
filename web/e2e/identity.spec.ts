// Two persons of two organs in two browsers, and the register between them: registered, asked for, agreed to, shown with
// its clock, closed. The custodians' side is the program itself.
import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { expect, test, violations } from './guard';
import { addPerson, choosePurpose, RESULTS, setLanguage } from './office';
import { come } from './someone';

const CUSTOS = process.env.CUSTOS_PROGRAM ?? '';
const HOME = process.env.CUSTOS_HOME ?? '';
const SHARES = (process.env.CUSTOS_SHARES ?? '').split(' ').filter(Boolean);
const custodian = (words: string, input = '') =>
  execFileSync(CUSTOS, ['identity', ...words.split(' '), '--home', HOME], { input, encoding: 'utf8' });
const picture = (page: Page, name: string) => page.screenshot({ path: `${RESULTS}/screens/identity-${name}.png` });

async function clear(page: Page, second: Page, name: string, organ: string, role: string) {
  await page.goto('/#/people');
  const ask = async () => {
    await page.getByRole('button', { name: `Clearance ${name}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'SECRET', exact: true }).check();
    await dialog.getByRole('radio', { name: organ, exact: true }).check();
    await dialog.getByRole('checkbox', { name: role, exact: true }).check();
    await dialog.getByLabel('Reason').fill('keeps the identity register');
    await dialog.getByRole('button', { name: 'Save clearance' }).click();
    return dialog;
  };
  const dialog = await ask();
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(dialog.getByText('Approval asked for')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await second.goto('/#/approvals');
  await second.reload();
  await second.getByRole('button', { name: 'Decide' }).first().click();
  await second.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(second.getByRole('row').filter({ hasText: 'Approved' }).first()).toBeVisible();
  await page.goto('/#/approvals');
  await page.reload();
  await page.getByRole('button', { name: 'Do it now' }).first().click();
  await expect(page.getByRole('button', { name: 'Do it now' })).toHaveCount(0);
}

async function signInAgain(page: Page) {
  await page.goto('/#/cases');
  await page.reload();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Identity register' })).toBeVisible();
}

async function admit(page: Page) {
  await page.getByRole('navigation').getByRole('link', { name: 'Identity register' }).click();
  await page.getByRole('button', { name: /Ask to be admitted/ }).click();
  await expect(page.getByText('The custodians admit you with their shares')).toBeVisible();
  const fingerprint = /([0-9a-f]{4} ){4}[0-9a-f]{4}/.exec((await page.locator('section').last().textContent())!)![0];
  const line = custodian('officers')
    .split('\n')
    .find((l) => l.includes(fingerprint));
  custodian(`admit ${line!.split('\t')[0]}`, `${SHARES[0]}\n${SHARES[1]}\n`);
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Openings' })).toBeVisible();
}

test('an identity is opened by two persons of two organs, for one of them, for some minutes', async ({ page, browser }) => {
  test.skip(SHARES.length < 3, 'the office was made without a register');
  test.setTimeout(300_000);
  await page.goto('/#/cases');
  const code = (await page.getByRole('table').getByRole('row').nth(1).getByRole('link').textContent())!;
  const stamp = Date.now() % 100_000;
  const prosecutor = await come(browser, await addPerson(page, `Second ${stamp}`, 'Prosecutor', code));
  const officer = await come(browser, await addPerson(page, `Officer ${stamp}`, 'Protection officer', code));
  const approver = await come(browser, await addPerson(page, `Approver ${stamp}`, 'VWS liaison', code));
  await clear(page, prosecutor.page, `Officer ${stamp}`, 'Office of the Prosecutor', 'Identity officer');
  await clear(page, prosecutor.page, `Approver ${stamp}`, 'Registry', 'Identity approver');
  await signInAgain(officer.page);
  await officer.page.getByRole('navigation').getByRole('link', { name: 'Identity register' }).click();
  await expect(officer.page.getByText('The identity register is sealed')).toBeVisible();
  custodian('unseal', `${SHARES[0]}\n${SHARES[2]}\n`);
  await signInAgain(approver.page);
  await officer.page.reload();
  await admit(officer.page);
  await admit(approver.page);

  await officer.page.getByRole('tab', { name: 'Register a person' }).click();
  await officer.page.getByRole('textbox', { name: 'Names', exact: true }).fill('أمينة حسن\nAmina Hassan');
  await officer.page.getByLabel('Date of birth').fill('1970-02-03');
  await officer.page.getByRole('button', { name: 'Add a contact' }).click();
  await officer.page.getByLabel('Contact 1', { exact: true }).fill('+000 1234');
  expect(await violations(officer.page)).toEqual([]);
  await picture(officer.page, 'register');
  await officer.page.getByRole('button', { name: 'Sign and register' }).click();
  await choosePurpose(officer.page, officer.page.getByText('From now on the person is this code'));
  const person = /W-[0-9A-Z]{11}/.exec((await officer.page.locator('section').last().textContent())!)![0];

  await officer.page.getByRole('tab', { name: 'Is this person known?' }).click();
  await officer.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Emina Hasan');
  await officer.page.getByRole('button', { name: 'Sign and ask' }).click();
  await expect(officer.page.getByText('somebody sounds alike')).toBeVisible();
  expect(await violations(officer.page)).toEqual([]);
  await picture(officer.page, 'known');

  await officer.page.getByRole('tab', { name: 'Ask to open' }).click();
  await officer.page.getByLabel('Person code').fill(person);
  await officer.page.getByRole('checkbox', { name: 'Names', exact: true }).check();
  await officer.page.getByRole('checkbox', { name: 'Contacts' }).check();
  expect(await violations(officer.page)).toEqual([]);
  await picture(officer.page, 'ask');
  await officer.page.getByRole('button', { name: 'Sign and ask' }).click();
  await expect(officer.page.getByRole('row').filter({ hasText: 'Waits for the second person' })).toBeVisible();

  await approver.page.getByRole('tab', { name: 'Openings' }).click();
  await approver.page.reload();
  await approver.page.getByRole('button', { name: 'Decide' }).click();
  await expect(approver.page.getByRole('dialog')).toContainText(person);
  await expect(approver.page.getByRole('dialog')).not.toContainText('Amina');
  expect(await violations(approver.page)).toEqual([]);
  await picture(approver.page, 'decide');
  await approver.page.getByRole('button', { name: 'Sign and agree' }).click();
  await expect(approver.page.getByRole('row').filter({ hasText: 'Open' }).last()).toBeVisible();

  await officer.page.getByRole('button', { name: 'Show', exact: true }).click();
  const opened = officer.page.getByRole('region', { name: /Opened identity/ });
  await expect(opened).toContainText('Amina Hassan');
  await expect(opened).toContainText('Telephone: +000 1234');
  await expect(opened).not.toContainText('1970');
  await expect(opened.getByRole('timer')).toHaveText(/^\d+:\d\d$/);
  expect(await violations(officer.page)).toEqual([]);
  await picture(officer.page, 'opened');
  await setLanguage(officer.page, 'Français');
  await picture(officer.page, 'opened-fr');
  await setLanguage(officer.page, 'English');
  await opened.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(officer.page.getByText('Amina Hassan')).toHaveCount(0);
  await expect(officer.page.getByRole('row').filter({ hasText: 'Closed' })).toBeVisible();
  await approver.end();
  await officer.end();
  await prosecutor.end();
});
