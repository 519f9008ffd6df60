// What the tests know of the office they run against.
import { expect, type Page } from '@playwright/test';

export const LINK = process.env.CUSTOS_LINK ?? '';
export const QUERY = process.env.CUSTOS_QUERY ?? 'court'; // occurs several times in the first case

export const STATE = new URL('../test-results/signed-in.json', import.meta.url).pathname;

export async function openFirstCase(page: Page) {
  await page.goto('/#/cases');
  await page.getByRole('table').getByRole('link').first().click();
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
