import { expect, test } from '../guard';
import { addLead, call, openLead, unique } from './leads';

test('a transition says what is missing; once it is there, the record goes on', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('To be submitted'), grade: { scheme: 'admiralty', source: 'B', information: '2' } });
  await openLead(page, code);
  const flow = page.getByRole('region', { name: 'Where it stands' });
  await expect(flow.getByRole('button', { name: 'Submit' })).toHaveAttribute('aria-disabled', 'true');
  await expect(flow.getByText('a conclusion')).toBeVisible();
  await expect(flow.getByText('a grade of the source')).toHaveCount(0);
  await axe();
  await page.keyboard.press('e');
  await page.getByLabel('Conclusion', { exact: true }).fill('It holds.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await flow.getByRole('button', { name: 'Submit' }).click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Submitted' })).toHaveAttribute('aria-current', 'step');
  await expect(page.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Tasks' })).toContainText('Examine the lead and close it');
  // Who wrote it cannot close it.
  await expect(flow.getByRole('button', { name: 'Close', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await flow.getByRole('button', { name: 'Return' }).click();
  const dialog = page.getByRole('dialog', { name: 'Return' });
  await dialog.getByLabel('Reason').fill('Not yet');
  await expect(dialog.getByRole('button', { name: 'Go on' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('The grade is not explained');
  await axe();
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(flow.getByRole('listitem').filter({ hasText: 'Draft' })).toHaveAttribute('aria-current', 'step');
});

test('the history tells every change field by field, and shows the record as it was', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('With a history'), account: 'First account.' });
  await page.goto(`/#/record/${code}/edit`);
  await page.getByLabel(/^What is said/).fill('Second account.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('[data-value=account]')).toContainText('Second account.');
  await page.locator('summary').filter({ hasText: 'History' }).click();
  const history = page.locator('.history');
  await expect(history.getByText('Version 2', { exact: true })).toBeVisible();
  const change = history.getByRole('row').filter({ hasText: 'Second account.' });
  await expect(change).toContainText('First account.');
  await axe();
  await page.getByRole('button', { name: 'Show version 1' }).click();
  await expect(page.getByText('This is the record as it was on')).toBeVisible();
  await expect(page.locator('[data-value=account]')).toContainText('First account.');
  await expect(page.getByRole('region', { name: 'Where it stands' })).toHaveCount(0);
  await axe();
  await page.getByRole('button', { name: 'Back to the present' }).click();
  await expect(page.locator('[data-value=account]')).toContainText('Second account.');
  await page.getByLabel('As it was on').fill(new Date().toISOString().slice(0, 10));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByText('This is the record as it was on')).toBeVisible();
  await expect(page.locator('[data-value=account]')).toContainText('Second account.');
});

test('a sealed field is opened with a reason, shown for a while, and closes again', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('With a sealed field'), contact: 'by the baker' });
  await openLead(page, code);
  const field = page.locator('[data-value=contact]');
  await expect(field).toContainText('Sealed');
  await expect(page.getByText('by the baker')).toHaveCount(0);
  await field.getByRole('button').click();
  const dialog = page.getByRole('dialog', { name: /Open a sealed field/ });
  await axe();
  await dialog.getByLabel('Reason').fill('Call agreed for tomorrow');
  await page.clock.install();
  await dialog.getByRole('button', { name: 'Open' }).click();
  await expect(field).toContainText('by the baker');
  await axe();
  await page.clock.runFor(31_000);
  await expect(page.getByText('by the baker')).toHaveCount(0);
  await expect(field).toContainText('Sealed');
});

test('a sealed field stays when the record is saved without it', async ({ page }) => {
  const code = await addLead(page, { title: unique('Sealed stays'), contact: 'by the baker' });
  await page.goto(`/#/record/${code}/edit`);
  await expect(page.getByText('Sealed and filled in.')).toBeVisible();
  await page.getByLabel('Deaths reported').fill('3');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('[data-value=deaths]')).toContainText('3');
  expect(await call(page, 'POST', `/records/${code}/sealed/contact`, { reason: 'to see that it is there' })).toEqual({ value: 'by the baker' });
});

test('links lead both ways; comments are added and withdrawn', async ({ page, axe }) => {
  const name = unique('Linked');
  const to = await addLead(page, { title: name });
  const from = await addLead(page, { title: unique('Linking') });
  await openLead(page, from);
  const links = page.getByRole('region', { name: 'Links' });
  await links.getByLabel('Relation').selectOption('supports');
  await links.getByLabel('To which record').fill(name);
  await page.getByRole('option', { name: new RegExp(to) }).click();
  await links.getByRole('button', { name: 'Add link' }).click();
  await expect(links.getByRole('listitem').filter({ hasText: to })).toContainText('supports');
  const comments = page.getByRole('region', { name: 'Comments' });
  await comments.getByLabel('New comment').fill('See also the radio log.');
  await comments.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(comments.getByText('See also the radio log.')).toBeVisible();
  await axe();
  await comments.getByRole('button', { name: 'Withdraw' }).click();
  await expect(comments.getByText('Withdrawn.')).toBeVisible();
  await links.getByRole('link', { name: new RegExp(to) }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Links' }).getByRole('listitem').filter({ hasText: from })).toContainText('supported by');
  await page.getByRole('button', { name: new RegExp(`Remove the link with ${from}`) }).click();
  await expect(page.getByRole('region', { name: 'Links' }).getByText('None.')).toBeVisible();
});

test('who has seen a record is told to who made it; the record leaves as PDF and DOCX', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('Read by') });
  await openLead(page, code);
  await page.locator('summary').filter({ hasText: 'Who has seen this' }).click();
  await expect(page.locator('details').filter({ hasText: 'Who has seen this' }).getByRole('row').nth(1)).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Documents' }).click();
  const dialog = page.getByRole('dialog', { name: 'Documents' });
  await dialog.getByLabel('Template').selectOption('The record as it stands');
  for (const format of ['PDF', 'DOCX']) {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: format, exact: true }).click();
    expect((await download).suggestedFilename().toLowerCase()).toContain(`.${format.toLowerCase()}`);
  }
});
