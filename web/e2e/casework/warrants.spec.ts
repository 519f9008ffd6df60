import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { call, firstCase, tabTo, unique } from '../records/leads';

type Words = { version: number; codes: { code: string; en: string; fr: string }[] };

test('what was made public of warrants is seen, and leaves as a file, by keyboard', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const inCase = await firstCase(page);
  const add = async (kind: string, values: object) => (await call<{ code: string }>(page, 'POST', `/kinds/${kind}/records`, { case: inCase, values })).code;
  // The first state gets public words, so that nobody has to be led through all the reviews.
  const words = await call<Words>(page, 'GET', '/vocabularies/public_state');
  if (!words.codes.some((c) => c.code === 'c01')) {
    const codes = [...words.codes, { code: 'c01', en: 'Wanted', fr: 'Recherché' }];
    await call(page, 'PUT', '/vocabularies/public_state', { ...words, codes }, { 'If-Match': `"${words.version}"` });
  }
  const situation = await add('situation', { title: 'Situation in Velmora', basis: 'REF-SP', territory: 'Velmora', period: '2019' });
  const person = async (name: string, more: object) => add('suspect_case', { title: `The Prosecutor v. ${name}`, person: await add('profile', { name }), situation, hypothesis: 'x', ...more });
  const open = unique('Rask Orune');
  const sealed = unique('Mira Tal');
  await person(open, { warrant_on: '2019-03-05', public_on: '2019-04-01', public_text: 'He led the Bridge Guard.' });
  await person(sealed, { warrant_on: '2019-03-05', sealed: true });
  await page.goto('/#/records/suspect_case');
  const link = page.getByRole('link', { name: 'Public view', exact: true });
  await expect(link).toBeVisible();
  await tabTo(page, link, 80);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Warrants: public view' })).toBeVisible();
  const row = page.getByRole('table', { name: 'Made public' }).getByRole('row', { name: new RegExp(open) });
  await expect(row).toContainText('Situation in Velmora');
  await expect(row).toContainText('Wanted');
  await expect(row).toContainText('He led the Bridge Guard.');
  await expect(page.getByText(sealed)).toHaveCount(0);
  await everyFace(page, axe, 'warrants');
  for (const format of ['JSON', 'XLSX', 'DOCX', 'PDF']) {
    const button = page.getByRole('button', { name: format, exact: true });
    const waiting = page.waitForEvent('download');
    await tabTo(page, button, 80);
    await page.keyboard.press('Enter');
    expect((await waiting).suggestedFilename()).toBe(`Warrants.${format.toLowerCase()}`);
    await expect(button).toBeEnabled();
  }
});
