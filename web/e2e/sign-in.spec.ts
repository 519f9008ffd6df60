import { authenticator, expect, test } from './guard';
import { LINK, STATE } from './office';

test('a one-time link signs in once, leaves the address, and leads to a passkey', async ({ page, axe }) => {
  expect(LINK, 'CUSTOS_LINK is the one-time link that the server printed').not.toBe('');
  const cdp = await authenticator(page);
  await page.goto(LINK);
  await expect(page.getByRole('heading', { level: 1, name: 'Choose how you will sign in' })).toBeVisible();
  expect(page.url()).not.toContain('sign-in');
  await axe();
  await page.getByLabel('Name of the passkey').fill('Key of the tests');
  await page.getByRole('button', { name: 'Add this passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cases' })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cases' })).toBeVisible();
  await cdp.send('WebAuthn.disable');
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
