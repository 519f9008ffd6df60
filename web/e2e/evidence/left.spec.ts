import { expect, test } from '../guard';
import { openFirstCase } from '../office';

test('an upload that was begun and left is shown, and removed', async ({ page, axe }) => {
  await openFirstCase(page);
  const caseId = /cases\/([^/?]+)/.exec(page.url())![1]!;
  await page.evaluate(async (id) => {
    const { csrf } = (await (await fetch('/api/v1/session')).json()) as { csrf: string };
    const body = JSON.stringify({ files: 3, bytes: 5000, source: 'Left at the gate', collector: 'Duty officer', note: '' });
    await fetch(`/api/v1/cases/${id}/uploads`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-CSRF': csrf } });
  }, caseId);
  await page.getByRole('navigation').getByRole('link', { name: 'Upload' }).click();
  const left = page.getByRole('region', { name: 'Uploads that were not finished' });
  await expect(left.getByRole('row').filter({ hasText: 'Left at the gate' })).toContainText('Not finished');
  await axe();
  await left.getByRole('row').filter({ hasText: 'Left at the gate' }).getByRole('button').click();
  await expect(left).toHaveCount(0);
});
