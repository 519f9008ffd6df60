import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { addPerson } from '../office';
import { come } from '../someone';
import { call, unique } from './leads';

test('a chapter is written by one, put in force by another, and acknowledged by whom it concerns', async ({ page, browser, axe }) => {
  test.setTimeout(120_000);
  const link = await addPerson(page, 'Dina Deputy', 'Deputy Prosecutor', 'Case KAR');
  const { page: hers, end } = await come(browser, link);
  const me = (await call<{ person: { id: string } }>(page, 'GET', '/session')).person.id;
  const title = unique('Interviews of children');
  const { code } = await call<{ code: string }>(page, 'POST', '/kinds/manual_chapter/records', {
    values: {
      title,
      number: '8.2',
      edition: 1,
      text_en: 'Two persons, one of them certified.',
      focal_points: [me],
      review_by: '2099-01',
      training_needed: true,
      templates: [{ template: 'warrant_application', when: 'with the statement' }],
    },
  });
  await page.goto(`/#/record/${code}`);
  await page.getByRole('button', { name: 'Submit for approval' }).click();
  await expect(page.getByRole('button', { name: 'Submit for approval' })).toBeHidden();
  await page.goto('/#/manual');
  await expect(page.getByRole('heading', { level: 1, name: 'Operations manual' })).toBeVisible();
  await expect(page.getByText(title)).toBeHidden();

  await hers.goto(`/#/record/${code}`);
  await hers.getByRole('button', { name: 'Put in force' }).click();
  await expect(hers.getByRole('button', { name: 'Put out of force' })).toBeVisible();
  await end();

  await page.reload();
  const row = page.getByRole('table', { name: 'Chapters in force' }).getByRole('row', { name: new RegExp(title) });
  await expect(row).toContainText('0 of');
  await expect(row).toContainText('you are not trained for it');
  await everyFace(page, axe, 'manual');
  await row.getByRole('button', { name: 'I have read it 8.2' }).press('Enter');
  await expect(row).toContainText('You read it on');
  await expect(row).toContainText('1 of');
  await row.getByRole('link', { name: title }).click();
  await expect(page.getByText('Two persons, one of them certified.')).toBeVisible();
});
