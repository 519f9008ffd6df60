import { expect, test } from '../guard';
import { setLanguage } from '../office';
import { call, firstCase, unique } from './leads';

test('the last day of each time limit follows the day of the event, moved to a working day', async ({ page, axe }) => {
  await page.goto('/#/time-limits?from=2026-03-02');
  await expect(page.getByRole('heading', { level: 1, name: 'Time limits' })).toBeVisible();
  const leave = page.locator('[data-due=T13]');
  await expect(leave).toContainText('Mar 9, 2026');
  await expect(leave).toContainText('counted: Mar 7, 2026, no working day');
  await page.getByLabel('Day of the event').fill('2026-01-31');
  await expect(page.locator('[data-due=T01]')).toContainText('Feb 28, 2026');
  await axe();
  await setLanguage(page, 'Français');
  await expect(page.getByRole('heading', { level: 1, name: 'Délais' })).toBeVisible();
  await axe();
  await setLanguage(page, 'English'); // it is the person's, and they go on
});

test('a plan says which task decides its end and by when it will probably be done', async ({ page, axe }) => {
  const { person } = await call<{ person: { id: string } }>(page, 'GET', '/session');
  const me = person.id.startsWith('P-') ? person.id : `P-${person.id}`;
  const { code } = await call<{ code: string }>(page, 'POST', '/kinds/plan/records', {
    case: await firstCase(page),
    values: {
      title: unique('Plan to be forecast'),
      plan_type: 'INVPLAN',
      owner: me,
      objectives: 'To know who ordered it.',
      tasks: [
        { code: 'A1', task: 'Interviews', days: 30 },
        { code: 'A2', task: 'Logs', days: 4 },
        { code: 'A3', task: 'Draft', days: 10, after: 'A1 A2', baseline: '2020-01-01/2020-01-10' },
      ],
    },
  });
  await page.goto(`/#/record/${code}`);
  const forecast = page.getByRole('region', { name: 'When it will be done' });
  await expect(forecast.getByRole('row', { name: /^A1/ })).toContainText('critical');
  await expect(forecast.getByRole('row', { name: /^A2/ })).toContainText('26');
  await expect(forecast.getByRole('row', { name: /^A3/ })).toContainText('100%');
  await expect(forecast).toContainText('Half of the futures end by');
  await axe();
});
