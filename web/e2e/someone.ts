// Another person, in a browser of their own.
import type { Browser, Page } from '@playwright/test';
import { authenticator, clean, expect, violations, watch } from './guard';
import { START } from './office';

export type Someone = { page: Page; end: () => Promise<void> };

// Comes by the one-time link and enrols a passkey; `end` looks once more that nothing was wrong.
export async function come(browser: Browser, link: string): Promise<Someone> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const bad = await watch(page);
  await authenticator(page);
  await page.goto(link);
  await page.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: START })).toBeVisible();
  const end = async () => {
    expect(await violations(page)).toEqual([]);
    await clean(page, bad);
    await context.close();
  };
  return { page, end };
}
