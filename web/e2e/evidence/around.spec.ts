import { expect, test } from '../guard';
import { openFirstCase, search } from '../office';

test('a search is kept under a name, found again with its filters, and removed', async ({ page, axe }) => {
  await search(page, 'court');
  const found = page.getByRole('status').filter({ hasText: 'results in' });
  const before = (await found.textContent())!;
  await page.getByRole('group', { name: 'Language' }).getByRole('checkbox').first().check();
  await expect(page.getByRole('list', { name: 'Active filters' })).toBeVisible();
  await expect(found).not.toHaveText(before);
  const total = (await found.textContent())!.replace(/ in .*/, '');
  await page.getByRole('button', { name: 'Save this search' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Court <in one language>');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  const kept = page.getByRole('region', { name: 'Searches you keep' });
  await axe();
  await kept.getByRole('button', { name: 'Court <in one language>' }).first().click();
  await expect(found).toContainText(total);
  await expect(page.getByRole('list', { name: 'Active filters' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  await kept.getByRole('button', { name: /Remove/ }).click();
  await expect(kept).toHaveCount(0);
});

test('a search goes on within its results, with order and filters kept', async ({ page }) => {
  await search(page, 'quarry');
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('date');
  await page.getByRole('checkbox', { name: 'Search within these results' }).check();
  const box = page.getByRole('combobox', { name: 'Query' });
  await expect(box).toHaveValue('');
  await box.fill('convoy OR inspection');
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('quarry (convoy OR inspection)');
  await expect(page.getByRole('status').filter({ hasText: '1 result in' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Sort by' })).toHaveValue('date');
});

test('the results over time are a picture and a table, and a month narrows the search', async ({ page, axe }) => {
  await search(page, 'court');
  await page.getByRole('button', { name: 'Timeline' }).click();
  const time = page.getByRole('region', { name: 'Results over time' });
  await expect(time.getByRole('img')).toBeVisible();
  await time.getByRole('combobox', { name: 'By' }).selectOption('year');
  await expect(time.getByRole('row').filter({ hasText: '1995' })).toBeVisible();
  await axe();
  const row = time.getByRole('row').filter({ hasText: '1995' });
  const count = await row.getByRole('cell').last().textContent();
  await row.getByRole('button').click();
  await expect(page.getByRole('combobox', { name: 'Query' })).toHaveValue('court date:1995');
  await expect(page.getByRole('status').filter({ hasText: `${count} results in` })).toBeVisible();
});

test('places stand on a map and in a table beside it, and a place narrows the search', async ({ page, axe }) => {
  await search(page, 'has:gps');
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  const map = page.getByRole('region', { name: 'Results on the map' });
  await expect(map.getByText('3 results have a place here, 0 have none.')).toBeVisible();
  await expect(map.locator('canvas').first()).toBeVisible();
  const harbour = map.getByRole('row').filter({ hasText: '° S' });
  await expect(harbour).toContainText('4.043° S, 39.668° E');
  await axe();
  await map.getByRole('application').focus();
  await page.keyboard.press('+'); // what is no longer in view is no longer in the table
  await expect(harbour).toBeHidden();
  await map.getByRole('button', { name: 'All places' }).click();
  await expect(harbour).toBeVisible();
  await harbour.getByRole('button').click();
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('4.043° S, 39.668° E');
  await expect(page.getByRole('status').filter({ hasText: '1 result in' })).toBeVisible();
});

test('a list of terms is counted line by line, and a wrong line says why without stopping the others', async ({ page, axe }) => {
  await openFirstCase(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Term report' }).click();
  await page.getByRole('textbox', { name: 'Terms, a query in each line' }).fill('court\nlorries OR convoy\ntitel:x\n\n"quarry road"');
  await expect(page.getByText('4 of at most 500 lines')).toBeVisible();
  await page.getByRole('button', { name: 'Count' }).click();
  const rows = page.getByRole('region', { name: 'Counted terms' }).getByRole('row');
  await expect(rows).toHaveCount(5);
  await expect(page.getByText('3 lines counted, 1 is no query.')).toBeVisible();
  await expect(rows.nth(3)).toContainText(/position 1/);
  await axe();
  const items = await rows.nth(1).getByRole('cell').nth(2).textContent();
  await rows.nth(1).getByRole('button', { name: 'court' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${items} results in` })).toBeVisible();
});
