// Every screen in every theme and both languages.
import type { Page } from '@playwright/test';
import { everyFace } from './faces';
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
  folders: async (page) => {
    await openFirstCase(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Folders and codes' }).click();
  },
  'hand-overs': async (page) => {
    await openFirstCase(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Hand-over lists' }).click();
  },
  approvals: async (page) => void (await page.goto('/#/approvals')),
  alarms: async (page) => void (await page.goto('/#/alarms')),
  'break-glass': async (page) => void (await page.goto('/#/break-glass')),
  recoveries: async (page) => void (await page.goto('/#/recoveries')),
  people: async (page) => void (await page.goto('/#/people')),
  ledger: async (page) => void (await page.goto('/#/ledger')),
  account: async (page) => void (await page.goto('/#/account')),
};

for (const [name, open] of Object.entries(SCREENS)) {
  test(`${name} in every theme and language`, async ({ page, axe }) => {
    await open(page);
    await everyFace(page, axe, name);
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
