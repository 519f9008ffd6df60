import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Request } from '@playwright/test';
import { expect, test } from '../guard';
import { choosePurpose } from '../office';

const FRENCH = 'Le convoi a franchi le pont avant la nuit.\n';
const ARABIC = 'عبرت القافلة الجسر قبل حلول الليل.\n';

function folder(): string {
  const top = join(mkdtempSync(join(tmpdir(), 'custos-')), 'handed in');
  mkdirSync(join(top, 'مجلد'), { recursive: true });
  writeFileSync(join(top, 'compte rendu.txt'), FRENCH);
  writeFileSync(join(top, 'مجلد', 'محضر.txt'), ARABIC);
  writeFileSync(join(top, 'empty.txt'), '');
  writeFileSync(join(top, 'large.bin'), Buffer.alloc(9 * 1024 * 1024, 7));
  return top;
}

async function find(page: Page, word: string) {
  const box = page.getByRole('combobox', { name: 'Query' });
  await expect(async () => {
    await box.fill(word);
    await box.press('Enter');
    await expect(page.getByRole('listbox', { name: 'Results' }).locator('mark').first()).toHaveText(word, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

test('a case is opened, a folder goes in through a cut connection, and is found in French and Arabic', async ({ page, axe, guarded }) => {
  test.setTimeout(180_000);
  await page.goto('/#/cases');
  await page.getByRole('button', { name: 'Open a case' }).click();
  await axe();
  await page.getByLabel('Code').fill(`UP${Date.now() % 100_000}`);
  await page.getByLabel('Title').fill('Brought by the tests');
  await page.getByRole('dialog').getByRole('button', { name: 'Open a case' }).click();
  await choosePurpose(page, page.getByRole('heading', { level: 1, name: /Overview|Vue/ }));
  await page.getByRole('navigation').getByRole('link', { name: 'Upload' }).click();

  // The second chunk of the large file is cut once: the server is asked, and only that chunk is sent again.
  const sent: string[] = [];
  const asked: string[] = [];
  let cut = false;
  await page.route(/\/uploads\/[^/]+\/files\/\d+/, async (route) => {
    const request: Request = route.request();
    const url = new URL(request.url());
    sent.push(`${url.pathname.split('/').at(-1)} ${url.searchParams.get('offset')}`);
    if (url.searchParams.get('offset') === String(4 * 1024 * 1024) && !cut) {
      cut = true;
      await route.abort('connectionreset');
    } else await route.continue();
  });
  page.on('request', (r) => {
    if (r.method() === 'GET' && /\/uploads\/[^/]+$/.test(new URL(r.url()).pathname)) asked.push(r.url());
  });
  await page.locator('#pick-folder').setInputFiles(folder());
  await expect(page.getByText('4 files')).toBeVisible();
  await page.getByLabel('Source').fill('Handed in at the gate');
  await page.getByLabel('Collector').fill('Duty officer');
  await axe();
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByText('Everything was received')).toBeVisible({ timeout: 60_000 });
  await axe();
  expect(cut).toBe(true);
  expect(guarded.splice(0)).toEqual(['console: Failed to load resource: net::ERR_CONNECTION_RESET']);
  expect(asked).toHaveLength(1);
  expect(new Set(sent).size).toBe(sent.length - 1);

  await page.getByRole('link', { name: 'Watch it being processed' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
  await find(page, 'convoi');
  await find(page, 'القافلة');
  const line = page.locator('.text .line').first();
  expect(await line.evaluate((e) => getComputedStyle(e).direction)).toBe('rtl');
});
