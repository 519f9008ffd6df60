import { authenticator, expect, keepKey, test } from './guard';
import { choosePurpose, LINK, START, STATE } from './office';

test('a one-time link signs in once, leaves the address, and leads to a passkey', async ({ page, axe }) => {
  expect(LINK, 'CUSTOS_LINK is the one-time link that the server printed').not.toBe('');
  const key = await authenticator(page);
  await page.goto(LINK);
  await expect(page.getByRole('heading', { level: 1, name: 'Choose how you will sign in' })).toBeVisible();
  expect(page.url()).not.toContain('sign-in');
  await axe();
  await page.getByLabel('Name of the passkey').fill('Key of the tests');
  await page.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: START })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: START })).toBeVisible();
  // What needs no reason is counted before a purpose is chosen, and nothing says otherwise.
  await expect(page.getByRole('region').first()).toBeVisible();
  await expect(page.getByText(/cases? (is|are) not counted here/)).toHaveCount(0);
  await axe();
  // For each case once, so that the tests that share this session find them open.
  await page.goto('/#/cases');
  const cases = page.getByRole('table').getByRole('link');
  await expect(cases.first()).toBeVisible();
  for (let n = 0; n < (await cases.count()); n += 1) {
    await cases.nth(n).click();
    await expect(page.getByRole('heading', { level: 1, name: 'For what do you work in this case?' })).toBeVisible();
    if (n === 0) await axe();
    await choosePurpose(page, page.getByRole('heading', { level: 1, name: 'Overview' }));
    await expect(page.getByRole('region', { name: 'Label and purpose' })).toContainText('INTERNAL');
    await page.goto('/#/cases');
    await expect(cases.first()).toBeVisible();
  }
  await keepKey(key);
  await page.context().storageState({ path: STATE });
});

test('the same link does not work again', async ({ page, axe }) => {
  await page.goto(LINK);
  await expect(page.getByText('A link works once')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Sign in another way' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('a wrong password and code are refused in words', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Name', { exact: false }).fill('nobody');
  await page.getByLabel('Password').fill('a long wrong password');
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Sign in with password and code' }).click();
  await expect(page.getByText(/Refused|Too many/)).toBeVisible();
});
