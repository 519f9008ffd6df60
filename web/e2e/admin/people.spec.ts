import { addPerson, codeOf, START } from '../office';
import { authenticator, clean, expect, test, violations, watch } from '../guard';

test('a colleague with another case only does not see that the first exists', async ({ page, browser, axe }) => {
  await page.goto('/#/cases');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(2)).toBeVisible();
  const [first, second] = [await rows.nth(1).getByRole('link').textContent(), await rows.nth(2).getByRole('link').textContent()];
  const address = await rows.nth(1).getByRole('link').getAttribute('href');

  await page.goto('/#/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await axe();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  const link = await addPerson(page, `Colleague ${Date.now() % 100_000}`, 'Analyst', second!);

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, reducedMotion: 'reduce' });
  const theirs = await context.newPage();
  const bad = await watch(theirs);
  await authenticator(theirs);
  await theirs.goto(link);
  await theirs.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(theirs.getByRole('heading', { level: 1, name: START })).toBeVisible();
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
    await p.getByRole('row').filter({ hasText: 'Analyst' }).last().getByRole('button', { name: 'Edit' }).click();
    await expect(p.getByRole('dialog')).toBeVisible();
  };
  await open(page);
  const other = await context.newPage();
  await open(other);
  await other.getByRole('dialog').getByRole('checkbox', { name: 'Investigator', exact: true }).check();
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('dialog')).toBeHidden();

  await page.getByRole('dialog').getByRole('checkbox', { name: 'Trial lawyer', exact: true }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Changed by somebody else')).toBeVisible();
  await expect(dialog.getByRole('cell', { name: /Trial lawyer/ })).toBeVisible();
  await expect(dialog.getByRole('cell', { name: /Investigator/ })).toBeVisible();
  await axe();
  await dialog.getByRole('button', { name: 'Take theirs' }).click();
  await expect(dialog.getByRole('checkbox', { name: 'Investigator', exact: true })).toBeChecked();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
});

test('a colleague without a passkey signs in by password and code', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await page.goto('/#/cases');
  const code = await page.getByRole('table').getByRole('link').first().textContent();
  const name = `Password ${Date.now() % 100_000}`;
  const link = await addPerson(page, name, 'Analyst', code!);

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, reducedMotion: 'reduce' });
  const theirs = await context.newPage();
  const bad = await watch(theirs);
  await theirs.goto(link);
  await theirs.getByLabel('New password').fill('one long sentence of the tests');
  await theirs.getByRole('button', { name: 'Set password' }).click();
  const secret = (await theirs.getByLabel('Key for the authenticator app').textContent())!;
  expect(await violations(theirs)).toEqual([]);
  const enrolled = Date.now();
  await theirs.getByLabel('Code').fill(codeOf(secret));
  await theirs.getByRole('button', { name: 'Confirm' }).click();
  await expect(theirs.getByRole('heading', { level: 1, name: START })).toBeVisible();

  await theirs.getByRole('button', { name: 'Sign out' }).click();
  // A code works once: wait for the next.
  await expect.poll(() => Math.floor(Date.now() / 30_000), { timeout: 40_000 }).toBeGreaterThan(Math.floor(enrolled / 30_000));
  await theirs.getByLabel('Name').fill(name);
  await theirs.getByLabel('Password').fill('one long sentence of the tests');
  await theirs.getByLabel('Code').fill(codeOf(secret));
  await theirs.keyboard.press('Enter');
  await expect(theirs.getByRole('heading', { level: 1, name: START })).toBeVisible();
  await clean(theirs, bad);
  await context.close();
});
