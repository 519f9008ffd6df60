import { readFileSync } from 'node:fs';
import { expect, test } from '../guard';
import { addLead, call, firstCase, unique } from './leads';

test('rows by keyboard, sorted by a header, filtered by chips', async ({ page, axe }) => {
  const word = unique('sortable').replace(' ', '');
  await addLead(page, { title: `${word} one`, received: '2024-01-01', channel: 'media' });
  await addLead(page, { title: `${word} two`, received: '2024-03', channel: 'state', urgent: true, why_urgent: 'Danger.' });
  await addLead(page, { title: `${word} three`, received: '2023', channel: 'media' });
  await page.goto('/#/records/lead');
  const grid = page.getByRole('grid', { name: 'Leads' });
  await expect(grid).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^3 (of [\d,]+ )?records?$/ })).toBeVisible();
  await grid.getByRole('button', { name: 'Received' }).click();
  await expect(grid.getByRole('columnheader', { name: 'Received' })).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('row').nth(1)).toContainText('two');
  await grid.getByRole('button', { name: 'Received' }).click();
  await expect(grid.getByRole('row').nth(1)).toContainText('three');

  await page.getByLabel('Add a filter…').selectOption('channel');
  await page.getByRole('form', { name: 'Channel' }).getByLabel('Media').check();
  await axe();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^2 (of [\d,]+ )?records?$/ })).toBeVisible();
  const chips = page.getByRole('list', { name: 'Active filters' });
  await expect(chips).toContainText('Channel: Media');
  await page.getByLabel('Add a filter…').selectOption('received');
  await page.getByLabel('From', { exact: true }).fill('2024');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^1 (of [\d,]+ )?records?$/ })).toBeVisible();
  await expect(chips).toContainText('Received: from 2024');
  await axe();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^3 (of [\d,]+ )?records?$/ })).toBeVisible();

  await grid.focus();
  await page.keyboard.press('j');
  await expect(grid).toHaveAttribute('aria-activedescendant', 'row-1');
  await page.keyboard.press('k');
  await expect(grid).toHaveAttribute('aria-activedescendant', 'row-0');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(word) })).toBeVisible();
  // Coming back, the list is as it was, and no word of it stands in an address.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox')).toHaveValue(word);
  expect(page.url()).not.toContain(word);
});

test('a list that is loaded anew is as it was; its address holds no word of it', async ({ page, axe }) => {
  const word = unique('reloaded').replace(' ', '');
  await addLead(page, { title: `${word} one`, channel: 'media' });
  await addLead(page, { title: `${word} two`, channel: 'state' });
  await page.goto('/#/records/lead');
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await page.getByLabel('Add a filter…').selectOption('channel');
  await page.getByRole('form', { name: 'Channel' }).getByLabel('Media').check();
  await page.getByRole('button', { name: 'Apply' }).click();
  const one = page.getByRole('status').filter({ hasText: /^1 (of [\d,]+ )?records?$/ });
  await expect(one).toBeVisible();
  await expect(page).toHaveURL(/q=[0-9a-f]{24}$/);
  const address = page.url();
  expect(address).not.toContain(word);
  expect(address).not.toContain('media');
  await page.reload();
  await expect(one).toBeVisible();
  await expect(page.getByRole('searchbox')).toHaveValue(word);
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Channel: Media');
  // On another tab of the list it stays, and the address of one list brings another back to it.
  await page.getByRole('button', { name: 'Counts', exact: true }).click();
  await expect(page).toHaveURL(/q=[0-9a-f]{24}/);
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^2 (of [\d,]+ )?records?$/ })).toBeVisible();
  await expect(page).not.toHaveURL(address);
  await page.goto(address);
  await expect(one).toBeVisible();
  // What is no longer kept, or is another person's, is said and not guessed.
  await page.goto('/#/inbox');
  await page.goto('/#/records/lead?q=0123456789abcdef01234567');
  await expect(page.getByText('What this address asked for is no longer kept')).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Leads' })).toBeVisible();
  await axe();
});

test('views of the office and views of one’s own', async ({ page, axe }) => {
  const name = unique('From the media');
  await addLead(page, { title: unique('Open lead'), channel: 'media' });
  await page.goto('/#/records/lead');
  await page.getByLabel('View', { exact: true }).selectOption({ label: 'Open' });
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('State: Draft, Submitted');
  await page.getByLabel('Add a filter…').selectOption('channel');
  await page.getByRole('form', { name: 'Channel' }).getByLabel('Media').check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByLabel('Name of the view').fill(name);
  await axe();
  await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByLabel('View', { exact: true }).locator('option:checked')).toHaveText(name);
  await page.getByLabel('View', { exact: true }).selectOption({ label: 'All' });
  await expect(page.getByRole('list', { name: 'Active filters' })).toHaveCount(0);
  await page.getByLabel('View', { exact: true }).selectOption({ label: name });
  await expect(page.getByRole('list', { name: 'Active filters' })).toContainText('Channel: Media');
  await page.getByRole('button', { name: 'Delete view' }).click();
  await expect(page.getByLabel('View', { exact: true }).locator('option', { hasText: name })).toHaveCount(0);
});

test('what is shown leaves as CSV, XLSX and JSON, without what is sealed', async ({ page }) => {
  const word = unique('exported').replace(' ', '');
  await addLead(page, { title: word, contact: 'by the baker', assessment: 'not for export' });
  await page.goto('/#/records/lead');
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^1 (of [\d,]+ )?records?$/ })).toBeVisible();
  for (const format of ['CSV', 'XLSX', 'JSON']) {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: format, exact: true }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toContain(`.${format.toLowerCase()}`);
    const content = readFileSync((await download.path())!, 'utf8');
    if (format !== 'XLSX') expect(content).toContain(word);
    expect(content).not.toContain('by the baker');
    expect(content).not.toContain('not for export');
  }
});

test('a long list keeps the page small; the last row is one key away', async ({ page }) => {
  test.setTimeout(180_000);
  const lines = Array.from({ length: 3000 }, (_, i) => `Imported lead ${i};2024-0${1 + (i % 9)};${i % 2 ? 'media' : 'state'};Said so.`);
  await page.goto('/#/records/lead');
  const id = await firstCase(page);
  await call(page, 'POST', `/kinds/lead/import?case=${id}`, ['title;received;channel;account', ...lines].join('\n'));
  await page.reload();
  const grid = page.getByRole('grid', { name: 'Leads' });
  await expect(grid.getByRole('row').nth(5)).toBeVisible();
  const total = Number(await grid.getAttribute('aria-rowcount')) - 1;
  expect(total).toBeGreaterThanOrEqual(3000);
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.locator(`#row-${total - 1}`)).toBeInViewport();
  await expect(page.locator(`#row-${total - 1}`).getByRole('gridcell').nth(1)).not.toBeEmpty();
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(1000);
  await page.keyboard.press('Home');
  await expect(page.locator('#row-0')).toBeInViewport();
});

test('map, timeline and counts, each with its list', async ({ page, axe }) => {
  const word = unique('pictured').replace(' ', '');
  await addLead(page, { title: `${word} here`, place: { name: 'Kovar', lat: 48.5, lon: 38.2, radius_m: 20_000 }, happened: '2023-11?', channel: 'media' });
  await addLead(page, { title: `${word} there`, place: { lat: 50.4, lon: 30.5 }, happened: '2022-05-01/2022-06-01', channel: 'state' });
  await addLead(page, { title: `${word} nowhere`, channel: 'media' });
  await page.goto('/#/records/lead');
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^3 (of [\d,]+ )?records?$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await expect(page.getByText('2 places of 3 records; 1 without a place')).toBeVisible();
  await expect(page.getByRole('application')).toBeVisible();
  await page.getByRole('button', { name: /38.2/ }).click();
  await expect(page.getByRole('button', { name: /38.2/ })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('application').focus();
  await page.keyboard.press('+');
  await axe();
  await page.getByRole('button', { name: 'Timeline', exact: true }).click();
  await expect(page.getByText(/5 dates of 3 records/)).toBeVisible();
  await page.getByRole('button', { name: 'When it happened: November 2023, uncertain' }).click();
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await axe();
  await page.getByRole('button', { name: 'Counts', exact: true }).click();
  await page.getByLabel('Count by').selectOption('channel');
  await expect(page.getByRole('region', { name: 'Channel' }).getByRole('listitem').filter({ hasText: 'Media' })).toContainText('2');
  await axe();
  await page.getByRole('region', { name: 'Channel' }).getByRole('button', { name: 'Media' }).click();
  await expect(page.getByRole('status').filter({ hasText: /^2 (of [\d,]+ )?records?$/ })).toBeVisible();
});

test('the server takes every filter and every order that the list offers', async ({ page }) => {
  await page.goto('/#/inbox');
  const { hits } = await call<{ hits: { code: string }[] }>(page, 'POST', '/suggest-staff', { words: 'Ada' });
  const ask = (filter: object[], sort: string[]) => call<{ total: number }>(page, 'POST', '/kinds/lead/queries', { filter, sort, words: '' });
  const lead = await addLead(page, { title: unique('asked'), received: '2024-03-05', deaths: 5, owner: hits[0]!.code, urgent: false });
  const asked: [string, string, unknown][] = [
    ['title', 'contains', 'asked'], ['account', 'contains', 'driver'], ['received', 'from', '2024'], ['received', 'to', '2024-12'], ['channel', 'empty', null],
    ['deaths', 'from', 1], ['deaths', 'to', 9], ['urgent', 'is', false], ['owner', 'in', [hits[0]!.code]], ['grade', 'empty', null], ['place', 'empty', null],
    ['costs', 'empty', null], ['steps', 'empty', null], ['items', 'empty', null], ['follows', 'empty', null], ['title', 'filled', null],
    ['state', 'in', ['draft']], ['author', 'is', hits[0]!.code], ['made', 'from', '2020-01-01'], ['changed', 'to', '2100-01-31'], ['case', 'is', await firstCase(page)],
  ];
  for (const [field, op, value] of asked) {
    const { total } = await ask([{ field, op, ...(value === null ? {} : { value }) }, { field: 'title', op: 'contains', value: 'asked' }], ['-changed']);
    expect(total, `${field} ${op}`).toBeGreaterThanOrEqual(1);
  }
  for (const name of ['code', 'title', 'received', 'channel', 'urgent', 'owner', 'state', 'changed']) {
    await ask([], [name]);
    await ask([], [`-${name}`]);
  }
  expect(lead).toMatch(/^LEA-/);
});
