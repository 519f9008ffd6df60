import { expect, test } from '../guard';
import { search } from '../office';

test('the whole result is tagged, and it is undone', async ({ page, axe }) => {
  await search(page, '*');
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await page.keyboard.type('Tag of the tests');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Tag of the tests added to/)).toBeVisible({ timeout: 60_000 });
  await axe();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(/Tag of the tests: undone/)).toBeVisible({ timeout: 60_000 });
});

test('what is ticked is tagged', async ({ page }) => {
  await search(page, '*');
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('t');
  await page.keyboard.type('Two of them');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Two of them added to 2 of 2.')).toBeVisible({ timeout: 60_000 });
});
