// node tools/shots.mjs FOLDER   takes the pictures of the README, of a running server: CUSTOS_LINK is a one-time link.
import { chromium } from '@playwright/test';

const folder = process.argv[2];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ viewport: { width: 1366, height: 800 }, reducedMotion: 'reduce' });
const page = await context.newPage();
const cdp = await context.newCDPSession(page);
await cdp.send('WebAuthn.enable');
await cdp.send('WebAuthn.addVirtualAuthenticator', {
  options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
});
const take = async (name) => {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}/${name}.png` });
};
const theme = (name) => page.getByRole('button', { name, exact: true }).click();

await page.goto(process.env.CUSTOS_LINK);
await page.getByRole('button', { name: 'Add this passkey' }).click();
await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor();
await page.getByRole('table').getByRole('link').first().click();
const question = page.getByRole('heading', { name: 'For what do you work in this case?' });
const overview = page.getByRole('heading', { level: 1, name: 'Overview' });
await overview.or(question).first().waitFor();
if (await question.isVisible()) {
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Continue' }).click();
}
await overview.waitFor();
await take('case');
await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
const find = async (query) => {
  await page.getByRole('combobox', { name: 'Query' }).fill(query);
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Results' }).locator('.hit-title').first().waitFor();
};
await find('human rights OR droits');
await take('search');
await theme('Dark');
await page.getByRole('button', { name: 'Français', exact: true }).click();
await page.keyboard.press('Escape');
await take('search-dark-fr');
await page.getByRole('button', { name: 'English', exact: true }).click();
await theme('High contrast');
await page.locator('.hit-title').first().click();
await page.keyboard.press('Enter');
await page.waitForTimeout(800);
await take('item-contrast');
await theme('Light');
await page.goto(new URL('/#/people', process.env.CUSTOS_LINK).href);
await page.getByRole('button', { name: 'Add a person' }).waitFor();
await take('people');
for (const [name, kind, tab] of [['records', 'incident'], ['records-map', 'incident', 'Map'], ['records-timeline', 'crime_incident', 'Timeline']]) {
  await page.goto(new URL(`/#/records/${kind}`, process.env.CUSTOS_LINK).href);
  await page.waitForTimeout(1500);
  if (tab) await page.getByRole('button', { name: tab, exact: true }).click();
  await page.waitForTimeout(tab ? 3000 : 500);
  await take(name);
}
await page.goto(new URL('/#/records/count', process.env.CUSTOS_LINK).href);
await page.waitForTimeout(1500);
await page.getByText('Vask, count 1: murder at Osk').first().click();
await page.keyboard.press('Enter');
await page.waitForTimeout(1500);
await take('record');
await page.goto(new URL('/#/records/lead/new', process.env.CUSTOS_LINK).href);
await page.waitForTimeout(1500);
await take('record-form');
await browser.close();
