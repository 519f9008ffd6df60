import { expect, test } from '../guard';
import { addLead, tabTo, unique } from './leads';

test('from the team to the record in three steps, by keyboard', async ({ page, axe }) => {
  const title = unique('Moved today');
  await addLead(page, { title });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'My team' })).toBeVisible();
  const cases = page.getByRole('region', { name: 'Each case: what moved, what is late, what is blocked' }).last();
  const toCase = cases.getByRole('link', { name: /^KAR/ }).first();
  await tabTo(page, toCase, 80);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /My team · KAR/ })).toBeVisible();
  await axe();
  const toList = page.getByRole('link', { name: /^KAR, Moved: leads this week: \d+$/ });
  await tabTo(page, toList, 80);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Leads' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('KAR');
  await expect(page).toHaveURL(/q=[0-9a-f]{24}/);
  const grid = page.getByRole('grid', { name: 'Leads' });
  await expect(grid.getByRole('row').filter({ hasText: title })).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('KAR');
});

test('a number is the number of the list behind it', async ({ page }) => {
  await addLead(page, { title: unique('Counted') });
  await page.goto('/#/home');
  const moved = page.getByRole('region', { name: 'What moved this week' });
  const behind = moved.getByRole('link', { name: /^Leads: all/ });
  const n = Number(/all ([\d,]+)/.exec((await behind.textContent())!)![1]!.replace(',', ''));
  await behind.click();
  await expect(page.getByRole('grid', { name: 'Leads' })).toHaveAttribute('aria-rowcount', String(n + 1));
});

test('a home leaves as a digest', async ({ page }) => {
  await page.goto('/#/home');
  const waiting = page.waitForEvent('download');
  const button = page.getByRole('button', { name: 'Digest (PDF)' });
  await button.focus();
  await page.keyboard.press('Enter');
  expect((await waiting).suggestedFilename()).toBe('digest-team.pdf');
});
