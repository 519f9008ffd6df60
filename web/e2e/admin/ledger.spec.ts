import { expect, test } from '../guard';

test('the ledger is filtered, paged and verified', async ({ page }) => {
  await page.goto('/#/ledger');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  await page.getByLabel('Act').fill('nothing is called so');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('No entry matches.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(rows.nth(1)).toBeVisible();
  const older = page.getByRole('button', { name: 'Older entries' });
  if (await older.isVisible()) {
    const before = await rows.count();
    await older.click();
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
  }
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('entries are as they were written')).toBeVisible({ timeout: 60_000 });
});
