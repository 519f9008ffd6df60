// A screen in each theme and each language: axe finds nothing, nothing is wider than the window, and a picture of each lies in
// test-results/screens, to be looked at. A theme changes colours alone and a language words alone, so not each with each.
import { expect, type Page } from '@playwright/test';
import { RESULTS } from './office';

const FACES = [['en', 'light'], ['en', 'dark'], ['en', 'contrast'], ['fr', 'light']] as const;

export async function everyFace(page: Page, axe: () => Promise<void>, name: string, settle = 0) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const [language, theme] of FACES) {
    await page.locator(`#language-${language}`).click();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await page.locator(`#theme-${theme}`).click();
    await page.waitForTimeout(settle);
    await axe();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.screenshot({ path: `${RESULTS}/screens/${name}-${theme}-${language}.png` });
  }
  await page.locator('#language-en').click();
  await page.locator('#theme-light').click();
}
