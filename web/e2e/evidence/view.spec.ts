import type { Page } from '@playwright/test';
import { expect, test } from '../guard';
import { search, setLanguage } from '../office';

// Opens the item of this name, found by the query; its heading is its title, if it has one.
async function open(page: Page, query: string, name: string, title = name) {
  await search(page, query);
  const list = page.getByRole('listbox', { name: 'Results' });
  await list.getByRole('option').filter({ hasText: name }).first().locator('.hit-title').click();
  await list.focus();
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
}

// Whether the picture has been drawn by the browser, and how large it came. The first one waits for a worker to start.
const drawn = (page: Page) => page.locator('.page-sheet img').evaluate((i: HTMLImageElement) => (i.complete ? i.naturalWidth : 0));

test('a page is shown as a picture with its hits on it, beside its text, and pages are turned by keyboard', async ({ page, axe }) => {
  await open(page, '"quarry road" type:pdf', 'inspection.pdf');
  await expect.poll(() => drawn(page), { timeout: 30_000 }).toBe(1400);
  await expect(page.locator('.page-hit')).toHaveCount(2); // two words of one phrase
  await expect(page.locator('.page-hit.cur').first()).toBeInViewport();
  await expect(page.locator('.view-text mark').first()).toHaveText(/quarry/);
  // The box lies on ink: the picture is dark somewhere under it, and white left of the margin.
  const ink = await page.locator('.page-sheet').evaluate(async (sheet) => {
    const img = sheet.querySelector('img')!;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
    const paper = canvas.getContext('2d', { willReadFrequently: true })!;
    paper.drawImage(img, 0, 0);
    const [s, b] = [sheet.getBoundingClientRect(), sheet.querySelector('.page-hit')!.getBoundingClientRect()];
    const k = img.naturalWidth / s.width;
    const darkest = (x: number, y: number, w: number, h: number) => Math.min(...paper.getImageData(x, y, Math.max(1, w), Math.max(1, h)).data.filter((_, i) => i % 4 === 0));
    return [darkest((b.x - s.x) * k, (b.y - s.y) * k, b.width * k, b.height * k), darkest(5, (b.y - s.y) * k, 40, b.height * k)];
  });
  expect(ink[0]).toBeLessThan(100);
  expect(ink[1]).toBeGreaterThan(230);
  await axe();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Picture of page 2' })).toBeVisible();
  await expect(page.locator('.view-text')).toContainText('Second page');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('n');
  await expect(page.getByRole('region', { name: 'Picture of page 2' })).toBeVisible();
  await page.keyboard.press('+');
  await expect(page.getByText('150%')).toBeVisible();
  await page.keyboard.press('v');
  await expect(page.locator('.page-sheet')).toHaveCount(0);
  await expect(page.locator('.text mark').first()).toBeVisible();
});

test('a mail is shown as pages that Custos set, told as such, with its hits on them, and nothing of it runs', async ({ page, axe }) => {
  const asked: string[] = [];
  page.on('request', (r) => asked.push(r.url()));
  await open(page, '"northern barrier" type:mail', 'seen.eml', 'What was seen');
  await expect.poll(() => drawn(page), { timeout: 30_000 }).toBe(1400);
  await expect(page.getByRole('note')).toContainText('Set by Custos from the words and styles of the file, not as its sender or reader saw it.');
  await expect(page.locator('.page-hit.cur').first()).toBeInViewport();
  await expect(page.locator('.page-hit')).toHaveCount(2);
  await expect(page.locator('.view-text mark').first()).toHaveText(/northern/);
  await axe();
  // The next hit of the text stands on a later page of the pictures, though the text has one page.
  await page.keyboard.press('n');
  await expect(page.getByRole('region', { name: 'Picture of page 3' })).toBeVisible();
  await expect(page.locator('.page-hit.cur').first()).toBeInViewport();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('region', { name: 'Picture of page 2' })).toBeVisible();
  await expect(page.locator('.page-hit')).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(page.getByRole('region', { name: 'Picture of page 1' })).toBeVisible();
  expect(await page.title()).not.toBe('run');
  expect(asked.filter((u) => u.includes('elsewhere.example.org'))).toEqual([]);
  await setLanguage(page, 'Français');
  await expect(page.getByRole('note')).toContainText('Composé par Custos');
  await setLanguage(page, 'English');
});

test('a place on a page is noted, the note is changed, its history is kept, and it is removed', async ({ page, axe }) => {
  await open(page, '"quarry road" type:pdf', 'inspection.pdf');
  await expect.poll(() => drawn(page), { timeout: 30_000 }).toBe(1400);
  const hit = (await page.locator('.page-hit').first().boundingBox())!;
  await page.mouse.move(hit.x - 4, hit.y - 4);
  await page.mouse.down();
  await page.mouse.move(hit.x + hit.width + 4, hit.y + hit.height + 4, { steps: 4 });
  await page.mouse.up();
  const notes = page.getByRole('region', { name: 'Notes' });
  await expect(notes.getByText('On page 1')).toBeVisible();
  await expect(notes.locator('blockquote')).toHaveText('quarry');
  await page.keyboard.type('Which quarry is this? <b>ask</b>');
  await notes.getByRole('button', { name: 'Add note' }).click();
  const note = notes.getByRole('listitem').filter({ hasText: 'Which quarry is this? <b>ask</b>' });
  await expect(note).toBeVisible();
  await expect(page.locator('.page-anchor')).toHaveCount(1);
  await axe();
  await note.getByRole('button', { name: 'Change' }).click();
  await notes.getByRole('textbox', { name: 'Note', exact: true }).fill('The one at the bridge.');
  await notes.getByRole('button', { name: 'Save' }).click();
  const changed = notes.getByRole('listitem').filter({ hasText: 'The one at the bridge.' }).first();
  await changed.getByText('2 versions').click();
  await expect(changed.getByText('Which quarry is this? <b>ask</b>')).toBeVisible();
  await changed.getByRole('button', { name: 'Remove' }).click();
  await expect(notes.getByText('The one at the bridge.')).toHaveCount(0);
  await expect(page.locator('.page-anchor')).toHaveCount(0);
});

test('a photograph is drawn only when it is asked for', async ({ page, axe }) => {
  const asked: string[] = [];
  page.on('request', (r) => r.url().includes('/picture') && asked.push(r.url()));
  await open(page, 'type:image', 'bridge.png');
  await expect(page.getByText('It is drawn when you ask for it.')).toBeVisible();
  await axe();
  expect(asked).toEqual([]);
  await page.getByRole('button', { name: 'Show the picture' }).click();
  await expect.poll(() => drawn(page), { timeout: 30_000 }).toBe(320);
});

test('a sound is played from its original by keyboard, with how loud it is, and nothing plays by itself', async ({ page, axe }) => {
  const played: (string | null)[] = [];
  page.on('request', (r) => r.url().endsWith('/media') && played.push(r.headers()['range'] ?? null));
  await open(page, 'type:audio', 'call.wav');
  const place = page.getByRole('slider', { name: 'Place in the recording' });
  await expect(place).toHaveAttribute('aria-valuemax', '4');
  await axe();
  expect(played).toEqual([]);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => page.locator('audio').evaluate((a: HTMLAudioElement) => a.duration)).toBe(4);
  expect(played[0]).toMatch(/^bytes=/);
  await page.keyboard.press(' ');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(place).toHaveAttribute('aria-valuenow', '4');
  await page.keyboard.press('ArrowLeft');
  await expect(place).toHaveAttribute('aria-valuenow', '0');
  await place.focus();
  await page.keyboard.press('End');
  await expect(place).toHaveAttribute('aria-valuetext', '0:04 of 0:04');
});

test('a file of values is shown as a table that begins at its first hit, of which only what is seen exists', async ({ page, axe }) => {
  await open(page, '"quarry road" type:sheet', 'lorries.csv');
  const table = page.getByRole('table', { name: 'Table' });
  await expect(table).toHaveAttribute('aria-rowcount', '302');
  await expect(table.getByRole('columnheader', { name: 'C' })).toBeVisible();
  const row = table.getByRole('row').filter({ hasText: 'AB-1250' });
  await expect(row).toBeInViewport();
  await expect(row.locator('mark').first()).toHaveText(/quarry/);
  expect(await table.getByRole('row').count()).toBeLessThan(80);
  await axe();
});

test('recognised text is corrected, the guess stays beside it, and the correction is found', async ({ page, axe }) => {
  await open(page, 'type:image', 'bridge.png');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.getByRole('button', { name: 'Correct this page' }).click();
  await page.getByRole('textbox', { name: 'Corrected text of page 1' }).fill('Sign at the bridge of Konjic');
  await axe();
  await page.getByRole('button', { name: 'Save the correction' }).click();
  await expect(page.getByText(/This page was corrected by P-1/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Text' }).last()).toContainText('Sign at the bridge of Konjic');
  await page.getByText('Show what was recognised').click();
  await axe();
  await search(page, 'Konjic');
  await expect(page.getByRole('listbox', { name: 'Results' }).locator('mark').first()).toHaveText('Konjic');
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await page.getByRole('button', { name: 'Take the correction back' }).click();
  await expect(page.getByText(/This page was corrected by P-1/)).toHaveCount(0);
});
