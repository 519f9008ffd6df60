import { expect, test } from '../guard';
import { addLead, call, openLead, unique } from './leads';

const csv = (name: string, lines: string[]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(['title;received;account', ...lines].join('\n')) });

test('a file is tried first, its errors told line by line, then the good lines imported', async ({ page, axe }) => {
  const word = unique('loaded').replace(' ', '');
  await page.goto('/#/records/lead');
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.getByLabel('CSV file').setInputFiles(csv('leads.csv', [`${word} one;2024-03;x`, `${word} two;bad date;x`, `${word} three;2024;x`]));
  await page.getByRole('button', { name: 'Check without importing' }).click();
  await expect(page.getByRole('status').filter({ hasText: '3 lines, 2 good, 1 with errors. Nothing has been imported.' })).toBeVisible();
  const row = page.getByRole('table', { name: 'Errors by line' }).getByRole('row').nth(1);
  await expect(row).toContainText('3');
  await expect(row).toContainText('Received');
  await expect(row).toContainText('bad date');
  await axe();
  await page.getByRole('button', { name: 'Import 2 good lines only' }).click();
  await expect(page.getByText('2 records imported.')).toBeVisible();
  await page.getByRole('link', { name: 'Leads' }).last().click();
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^2 (of [\d,]+ )?records?$/ })).toBeVisible();
});

test('what needs a person is counted in the line above, listed, and leads to the record', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('For the inbox'), grade: { scheme: 'admiralty', source: 'B', information: '2' }, conclusion: 'It holds.', owner: (await me(page)) ?? undefined });
  await openLead(page, code);
  const flow = page.getByRole('region', { name: 'Where it stands' });
  await flow.getByRole('button', { name: 'Submit' }).click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Submitted' })).toHaveAttribute('aria-current', 'step');
  await flow.getByRole('button', { name: 'Return' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('Complete it first');
  await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Draft' })).toHaveAttribute('aria-current', 'step');
  await page.getByRole('banner').getByRole('link', { name: /needs? you/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'What needs me' })).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: code });
  await expect(row).toContainText('Complete the lead');
  await axe();
  await page.getByRole('button', { name: 'Make a new address' }).click();
  await expect(page.getByLabel('Address of the calendar')).toContainText('/calendar/');
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: /For the inbox/ })).toBeVisible();
});

async function me(page: Parameters<typeof addLead>[0]): Promise<string | undefined> {
  const { hits } = await call<{ hits: { code: string }[] }>(page, 'POST', '/suggest-staff', { words: 'Ada' });
  return hits[0]?.code;
}

test('a vocabulary gets a code; what is in use is retired, not dropped; two editors meet', async ({ page, context, axe }) => {
  await addLead(page, { title: unique('From the media'), channel: 'media' });
  await page.goto('/#/vocabularies');
  await expect(page.getByRole('row').filter({ hasText: 'channel' })).toBeVisible();
  await axe();
  await page.getByRole('link', { name: 'Channel' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  const code = `c${Date.now().toString(36)}`;
  await page.getByRole('button', { name: 'Add a code' }).click();
  const codes = page.getByRole('textbox', { name: /^Code, line/ });
  await expect(codes.last()).toBeFocused();
  await page.keyboard.type(code);
  await page.getByRole('textbox', { name: /^English, line/ }).last().fill('Intercept');
  await axe();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await page.getByRole('textbox', { name: /^French, line/ }).last().fill('Interception');

  const other = await context.newPage();
  await other.goto('/#/vocabularies/channel');
  await other.getByRole('button', { name: 'Edit' }).click();
  await other.getByRole('button', { name: 'Add a code' }).click();
  await other.keyboard.type(`${code}b`);
  await other.getByRole('textbox', { name: /^English, line/ }).last().fill('Other');
  await other.getByRole('textbox', { name: /^French, line/ }).last().fill('Autre');
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.getByRole('button', { name: 'Edit' })).toBeVisible();
  await other.close();

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Changed by somebody else meanwhile')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Keep my lines and add theirs' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: code })).toHaveCount(2);

  await page.getByRole('button', { name: 'Edit' }).click();
  const media = await codes.evaluateAll((all) => all.findIndex((e) => (e as HTMLInputElement).value === 'media'));
  await page.getByRole('button', { name: `Remove line ${media + 1}`, exact: true }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(/In use, so they cannot be dropped: .*media/)).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('summary').filter({ hasText: 'Versions' }).click();
  await expect(page.locator('details').getByRole('row').first()).toBeVisible();
});

test('words are found in records, with marks', async ({ page, axe }) => {
  const word = unique('zylofont').replace(/ /g, '');
  const code = await addLead(page, { title: `Lead with ${word}`, account: `It speaks of ${word} twice: ${word}.` });
  await page.goto('/#/find');
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: '1 of 1' })).toBeVisible();
  await expect(page.locator('mark').first()).toHaveText(word);
  expect(page.url()).not.toContain(word);
  await axe();
  await page.getByRole('link', { name: new RegExp(code) }).click();
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(word) })).toBeVisible();
});
