import { expect, test } from '../guard';
import { addPerson } from '../office';
import { come } from '../someone';

test('an auditor filters, pages and verifies the ledger', async ({ page: head, browser }) => {
  await head.goto('/#/cases');
  const code = await head.getByRole('table').getByRole('link').first().textContent();
  const link = await addPerson(head, `Auditor ${Date.now() % 100_000}`, 'Auditor', code!);
  const { page, end } = await come(browser, link);
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
  await end();
});
