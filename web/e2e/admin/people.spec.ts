import { authenticator, clean, expect, test, violations, watch } from '../guard';

test('a colleague with another case only does not see that the first exists', async ({ page, browser, axe }) => {
  await page.goto('/#/cases');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(2)).toBeVisible();
  const [first, second] = [await rows.nth(1).getByRole('link').textContent(), await rows.nth(2).getByRole('link').textContent()];
  const address = await rows.nth(1).getByRole('link').getAttribute('href');

  await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`Colleague ${Date.now() % 100_000}`);
  await dialog.getByRole('group', { name: 'Roles' }).getByRole('checkbox', { name: 'Analyst' }).check();
  await dialog.getByRole('group', { name: 'Cases' }).getByRole('checkbox', { name: second! }).check();
  await axe();
  await dialog.getByRole('button', { name: 'Add a person' }).click();
  const link = await dialog.getByLabel('One-time sign-in link').textContent();
  await axe();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, reducedMotion: 'reduce' });
  const theirs = await context.newPage();
  const bad = await watch(theirs);
  await authenticator(theirs);
  await theirs.goto(link!);
  await theirs.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(theirs.getByRole('heading', { level: 1, name: 'Cases' })).toBeVisible();
  await expect(theirs.getByRole('link', { name: second! })).toBeVisible();
  await expect(theirs.getByText(first!, { exact: true })).toHaveCount(0);
  await theirs.goto(address!);
  await expect(theirs.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await theirs.goto('/#/people');
  await expect(theirs.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  expect(await violations(theirs)).toEqual([]);
  await clean(theirs, bad);
  await context.close();
});

test('two people change one record: both versions are shown, none is lost', async ({ page, context, axe }) => {
  const open = async (p: typeof page) => {
    await p.goto('/#/people');
    await p.getByRole('row').filter({ hasText: 'Analyst' }).last().getByRole('button').click();
    await expect(p.getByRole('dialog')).toBeVisible();
  };
  await open(page);
  const other = await context.newPage();
  await open(other);
  await other.getByRole('dialog').getByRole('checkbox', { name: 'Investigator' }).check();
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('dialog')).toBeHidden();

  await page.getByRole('dialog').getByRole('checkbox', { name: 'Trial lawyer' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Changed by somebody else')).toBeVisible();
  await expect(dialog.getByRole('cell', { name: /Trial lawyer/ })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: /Investigator/ })).toBeVisible();
  await axe();
  await dialog.getByRole('button', { name: 'Take theirs' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Investigator' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
});
