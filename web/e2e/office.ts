// What the tests know of the office they run against.
import { createHmac } from 'node:crypto';
import { expect, type Page } from '@playwright/test';

export const LINK = process.env.CUSTOS_LINK ?? '';
export const QUERY = process.env.CUSTOS_QUERY ?? 'court'; // occurs several times in the first case

// The heading of what a person finds first: the home of their roles, or the cases.
export const START = /^(Cases|My team|My cases|The Office|What needs me|On duty)$/;

// Where pictures and what outlasts a test lie: of its own for each of several runs side by side.
export const RESULTS = process.env.CUSTOS_RESULTS ?? 'test-results';
export const STATE = new URL(`../${RESULTS}/signed-in.json`, import.meta.url).pathname;

// Says for which purpose, where a case asks: once for each session and case.
export async function choosePurpose(page: Page, anchor: ReturnType<Page['locator']>) {
  const question = page.getByRole('heading', { name: 'For what do you work in this case?' });
  await expect(anchor.or(question).first()).toBeVisible();
  if (!(await question.isVisible())) return;
  await page.getByRole('radio').first().check();
  if (await page.getByText('The class of this case asks for one').isVisible()) await page.getByLabel('Reason').fill('work of the tests');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(question).toBeHidden();
}

export async function openFirstCase(page: Page) {
  await page.goto('/#/cases');
  await page.getByRole('table').getByRole('link').first().click();
  await choosePurpose(page, page.getByRole('heading', { level: 1, name: /Overview|Vue/ }));
  await expect(page.getByRole('heading', { level: 1, name: /Overview|Vue/ })).toBeVisible();
}

export async function search(page: Page, query: string) {
  await openFirstCase(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  await page.getByRole('combobox', { name: 'Query' }).fill(query);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox', { name: 'Results' }).locator('.hit-title').first()).toBeVisible();
}

export async function setLanguage(page: Page, language: 'English' | 'Français') {
  await page.getByRole('button', { name: language, exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', language === 'English' ? 'en' : 'fr');
}

// What an authenticator app shows for a key in base32 (RFC 6238: SHA-1, 30 s, 6 digits).
export function codeOf(secret: string, at = Date.now()): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const from = mac[19]! & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// Adds a person with one role and one case, and gives the link that they sign in by.
export async function addPerson(page: Page, name: string, role: string, caseName: string): Promise<string> {
  await page.goto('/#/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('group', { name: 'Roles' }).getByRole('checkbox', { name: role, exact: true }).check();
  await dialog.getByRole('group', { name: 'Cases' }).getByRole('checkbox', { name: caseName }).check();
  await dialog.getByRole('button', { name: 'Add a person' }).click();
  await choosePurpose(page, dialog.getByLabel('One-time sign-in link'));
  const link = await dialog.getByLabel('One-time sign-in link').textContent();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  return link!;
}
