import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { call, firstCase, tabTo, unique } from './leads';

test('a person is found by a name in another script, and the list says why', async ({ page, axe }) => {
  test.setTimeout(120_000);
  await page.goto('/#/inbox');
  const inCase = await firstCase(page);
  const add = (values: object) => call<{ code: string }>(page, 'POST', '/kinds/profile/records', { case: inCase, values });
  const alias = unique('The Surveyor');
  const made = await add({ name: 'Omar Hassan Dagalo', aliases: [{ alias: 'عمر حسن دقلو', script: 'Arabic' }, { alias }] });
  await add({ name: 'Igor Petrov', aliases: [{ alias: 'Игорь Петров' }] });
  await page.goto('/#/records/profile');
  const box = page.getByRole('searchbox', { name: 'By name, in any script' });
  await tabTo(page, box, 60);
  await page.keyboard.type('Дагало, Омар');
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: new RegExp(made.code) });
  await expect(row).toContainText('same in another script');
  await expect(row).toContainText('hassan⁩: not asked for');
  await expect(page.locator('.rt-why')).toContainText('hassan⁩: not asked for');
  await expect(page.getByRole('row', { name: /Petrov/ })).toHaveCount(0);
  await axe();
  await page.reload();
  await expect(box).toHaveValue('Дагало, Омар');
  await expect(row).toBeVisible();
  await everyFace(page, axe, 'names');
});
