import { expect, test } from '../guard';
import { QUERY, search } from '../office';

test('an item shows its hash and custody above its text, and the keys lead back', async ({ page, axe }) => {
  await search(page, QUERY);
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  await expect(page.getByText(/^[0-9a-f]{64}$/).first()).toBeVisible();
  await expect(page.locator('mark.cur').first()).toBeInViewport();
  await page.locator('summary').click();
  await expect(page.getByRole('cell', { name: 'Sealed' })).toBeVisible();
  await axe();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Results' })).toBeVisible();
});

test('the original comes only with a reason', async ({ page, axe }) => {
  await search(page, QUERY);
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'Original…' }).click();
  const dialog = page.getByRole('dialog');
  const act = dialog.getByRole('button', { name: 'Download the original' });
  await expect(act).toBeDisabled();
  await axe();
  await dialog.getByLabel('Reason').fill('Comparison with the copy of the defence');
  const download = page.waitForEvent('download');
  await act.click();
  expect((await download).suggestedFilename()).not.toMatch(/[/\\]/);
});

test('what does not exist and what may not be seen are one screen', async ({ page, axe }) => {
  await page.goto('/#/cases/does-not-exist');
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await axe();
  await page.goto('/#/no/such/page');
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
});
