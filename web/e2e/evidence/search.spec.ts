import { expect, test } from '../guard';
import { openFirstCase, QUERY, search } from '../office';

test('searching and reading by keyboard alone', async ({ page, axe }) => {
  await search(page, QUERY);
  const list = page.getByRole('listbox', { name: 'Results' });
  await list.focus();
  await page.keyboard.press('j');
  await expect(list).toHaveAttribute('aria-activedescendant', 'hit-1');
  await page.keyboard.press('x');
  await expect(page.getByText('1 ticked')).toBeVisible();
  await page.keyboard.press('k');
  await expect(list).toHaveAttribute('aria-activedescendant', 'hit-0');
  await expect(list.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');

  // The preview opens at a hit; n and p walk on and back.
  const current = page.locator('mark.cur');
  await expect(current.first()).toBeInViewport();
  const status = page.locator('.text-bar [role=status]');
  const before = await status.textContent();
  await page.keyboard.press('n');
  await expect(current.first()).toBeInViewport();
  await page.keyboard.press('Shift+N');
  await expect(status).toHaveText(before!);

  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Text' }).last()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('combobox', { name: 'Query' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(list).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await axe();
});

test('a click moves, only the box ticks', async ({ page }) => {
  await search(page, QUERY);
  const rows = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
  await rows.nth(1).locator('.hit-title').click();
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'false');
  await expect(rows.nth(1)).toHaveClass(/focus/);
  await rows.nth(0).locator('[data-box]').click();
  await expect(rows.nth(0)).toHaveAttribute('aria-selected', 'true');
  await expect(rows.nth(1)).toHaveClass(/focus/);
});

test('neither the query nor the case stands in the address; a reload keeps the search', async ({ page }) => {
  await search(page, QUERY);
  const code = await page.locator('.pane-h a .mono').first().textContent();
  expect(page.url().toLowerCase()).not.toContain(QUERY);
  expect(page.url()).not.toContain(code!);
  expect(await page.title()).toBe('Search · Custos');
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Query' })).toHaveValue(QUERY);
  await expect(page.getByRole('listbox', { name: 'Results' }).getByRole('option').first()).toBeVisible();
});

test('a facet becomes a chip, and the chip takes it away', async ({ page }) => {
  await search(page, '*');
  const count = page.getByRole('status').filter({ hasText: 'results in' });
  const all = await count.textContent();
  await page.getByRole('group', { name: 'Type' }).getByRole('checkbox').first().check();
  const chips = page.getByRole('list', { name: 'Active filters' });
  await expect(chips.getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('group', { name: 'Type' }).getByRole('checkbox').first()).toBeChecked();
  await chips.getByRole('button').click();
  await expect(chips).toBeHidden();
  await expect.poll(async () => (await count.textContent())?.replace(/in .*/, '')).toBe(all?.replace(/in .*/, ''));
});

test('a wrong query shows where, and what was expected', async ({ page, axe }) => {
  await openFirstCase(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  await page.getByRole('combobox', { name: 'Query' }).fill('village titel:x');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(/Position 9: expected/);
  await expect(page.locator('.query-at')).toHaveText('t');
  await axe();
});

test('field names are completed', async ({ page, axe }) => {
  await openFirstCase(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  const box = page.getByRole('combobox', { name: 'Query' });
  await box.pressSequentially('cust');
  await page.keyboard.press('ArrowDown');
  await axe();
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('custodian:');
});

test('a long result keeps the page small, and the last row is one key away', async ({ page }) => {
  await search(page, '*');
  const list = page.getByRole('listbox', { name: 'Results' });
  const total = Number(await list.getByRole('option').first().getAttribute('aria-setsize'));
  await list.focus();
  await page.keyboard.press('End');
  await expect(list).toHaveAttribute('aria-activedescendant', `hit-${total - 1}`);
  await expect(page.locator(`#hit-${total - 1}`)).toBeInViewport();
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1500);
});

test('keys that come faster than the screen tick the row they were meant for', async ({ page }) => {
  await search(page, '*');
  const list = page.getByRole('listbox', { name: 'Results' });
  await list.evaluate((element) => {
    for (const key of ['j', 'x', 'j', 'j', 'x']) element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
  await expect(page.getByText('2 ticked')).toBeVisible();
  await expect(page.locator('#hit-1')).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('#hit-3')).toHaveAttribute('aria-selected', 'true');
});
