import { authenticator, clean, expect, test, watch } from '../guard';
import { addPerson } from '../office';

test('an auditor filters, pages and verifies the ledger', async ({ page: head, browser }) => {
  await head.goto('/#/cases');
  const code = await head.getByRole('table').getByRole('link').first().textContent();
  const link = await addPerson(head, `Auditor ${Date.now() % 100_000}`, 'Auditor', code!);
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const bad = await watch(page);
  await authenticator(page);
  await page.goto(link);
  await page.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cases' })).toBeVisible();
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
  await clean(page, bad);
  await context.close();
});
