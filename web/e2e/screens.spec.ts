// Every screen in every theme and both languages: axe finds nothing, nothing is wider than the window.
// The pictures lie in test-results/screens, to be looked at.
import type { Page } from '@playwright/test';
import { expect, test } from './guard';
import { openFirstCase, QUERY, search } from './office';

const SCREENS: Record<string, (page: Page) => Promise<void>> = {
  cases: async (page) => void (await page.goto('/#/cases')),
  overview: openFirstCase,
  query: async (page) => {
    await openFirstCase(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  },
  results: async (page) => search(page, QUERY),
  item: async (page) => {
    await search(page, QUERY);
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    await expect(page.locator('summary')).toBeVisible();
  },
  upload: async (page) => {
    await openFirstCase(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Upload' }).click();
  },
  people: async (page) => void (await page.goto('/#/people')),
  ledger: async (page) => void (await page.goto('/#/ledger')),
  account: async (page) => void (await page.goto('/#/account')),
};

for (const [name, open] of Object.entries(SCREENS)) {
  test(`${name} in every theme and language`, async ({ page, axe }) => {
    await open(page);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const language of ['en', 'fr']) {
      await page.locator(`#language-${language}`).click();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      for (const theme of ['light', 'dark', 'contrast']) {
        await page.locator(`#theme-${theme}`).click();
        await axe();
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
        await page.screenshot({ path: `test-results/screens/${name}-${theme}-${language}.png` });
      }
    }
    await page.locator('#language-en').click();
    await page.locator('#theme-light').click();
  });
}

test('everything can be hidden by one key, and shown again', async ({ page, axe }) => {
  await openFirstCase(page);
  await page.keyboard.press('F9');
  await expect(page.getByRole('heading')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Continue' })).toBeFocused();
  await axe();
  await page.keyboard.press('F9');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('sessions are listed, and one can be ended', async ({ page }) => {
  await page.goto('/#/account');
  await expect(page.getByRole('row').filter({ hasText: 'This one' })).toBeVisible();
});
