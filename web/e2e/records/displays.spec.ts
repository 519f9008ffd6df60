import { expect, test } from '../guard';
import { addLead, call, firstCase, unique } from './leads';

const day = (by: number) => new Date(Date.now() + by * 86_400_000).toISOString().slice(0, 10);

async function only(page: import('@playwright/test').Page, word: string, tab: string) {
  await page.goto('/#/records/lead');
  await page.getByRole('searchbox').fill(word);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=[0-9a-f]{24}/);
  await page.getByRole('button', { name: tab, exact: true }).click();
}

test('a board is walked and worked by keyboard', async ({ page, axe }) => {
  const word = unique('boarded').replace(' ', '');
  const grade = { scheme: 'admiralty', source: 'B', information: '2' };
  const code = await addLead(page, { title: `${word} one`, conclusion: 'It was theirs.', grade });
  await addLead(page, { title: `${word} two` });
  await only(page, word, 'Board');
  const draft = page.getByRole('region', { name: /^Draft/ });
  const submitted = page.getByRole('region', { name: /^Submitted/ });
  await expect(draft.getByRole('link')).toHaveCount(2);
  await expect(draft.getByText('here since today').first()).toBeVisible();
  await axe();
  await draft.getByRole('link', { name: new RegExp(code) }).focus();
  await page.keyboard.press('m');
  await expect(page.getByRole('list', { name: `Where ${code} can go` })).toBeVisible();
  await axe();
  await page.keyboard.press('Escape');
  await expect(draft.getByRole('link', { name: new RegExp(code) })).toBeFocused();
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await expect(submitted.getByRole('link', { name: new RegExp(code) })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: `${code} is now: Submitted` })).toBeAttached();
  // What lacks something stays where it is, and what it lacks is said.
  await draft.getByRole('link').first().focus();
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await expect(page.locator('.missing li').first()).toBeVisible();
  await expect(draft.getByRole('link')).toHaveCount(1);
  await draft.getByRole('link').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(submitted.getByRole('link').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(word) })).toBeVisible();
});

test('a calendar is walked by days and months, and a day tells what lies on it', async ({ page, axe }) => {
  const word = unique('dated').replace(' ', '');
  await addLead(page, { title: `${word} yesterday`, received: day(-1) });
  await addLead(page, { title: `${word} some time`, received: day(-1).slice(0, 7) });
  await only(page, word, 'Calendar');
  const grid = page.getByRole('grid', { name: 'Days of the month' });
  await expect(grid).toBeVisible();
  await grid.locator(`[data-day="${day(0)}"]`).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(grid.locator(`[data-day="${day(-1)}"]`)).toBeFocused();
  await expect(page.getByRole('region', { name: 'On this day' }).getByRole('link', { name: new RegExp(`${word} yesterday`) })).toBeVisible();
  await expect(page.getByText('1 is known to a month or a year alone')).toBeVisible();
  await axe();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  await axe();
});

test('a year shows on which days, and a day narrows the list', async ({ page, axe }) => {
  const word = unique('heated').replace(' ', '');
  for (let i = 0; i < 3; i += 1) await addLead(page, { title: `${word} ${i}`, received: `${day(0).slice(0, 4)}-01-0${1 + (i > 1 ? 1 : 0)}` });
  await only(page, word, 'Year');
  await expect(page.getByRole('table').getByRole('button', { name: /January 1, \d{4}: 2/ })).toBeVisible();
  await axe();
  await page.getByRole('table').getByRole('button', { name: /January 1, \d{4}: 2/ }).click();
  await expect(page.getByRole('grid', { name: 'Leads' })).toHaveAttribute('aria-rowcount', '3');
});

test('the tasks of a plan are bars beside their baseline', async ({ page, axe }) => {
  const { person } = await call<{ person: { id: string } }>(page, 'GET', '/session');
  const me = person.id.startsWith('P-') ? person.id : `P-${person.id}`;
  const task = (code: string, more: object) => ({ code, task: `Task ${code}`, days: 10, ...more });
  const { code } = await call<{ code: string }>(page, 'POST', '/kinds/plan/records', {
    case: await firstCase(page),
    values: {
      title: unique('Plan'),
      plan_type: 'INVPLAN',
      owner: me,
      objectives: 'To know who ordered it.',
      tasks: [task('T1', { begins: '2020-01-01', done: true, baseline: '2020-01-01/2020-01-05' }), task('T2', { after: 'T1' }), task('T3', { after: 'T9' })],
      milestones: [{ milestone: 'Application', baseline: '2020-03-01', forecast: '2020-04-01' }],
    },
  });
  await page.goto(`/#/record/${code}`);
  const gantt = page.getByRole('table', { name: 'Gantt' });
  await expect(gantt.getByRole('row', { name: /T1 Task T1/ })).toContainText('Jan 1, 2020 – Jan 10, 2020 (5 days against the baseline)');
  await expect(gantt.getByRole('row', { name: /T2 Task T2/ })).toContainText('Late Jan 11, 2020 – Jan 20, 2020');
  await expect(gantt.getByRole('row', { name: /T3 Task T3/ })).toContainText('no day yet waits for T9, which is not there');
  await expect(gantt.getByRole('row', { name: /Application/ })).toContainText('Forecast: Apr 1, 2020');
  await axe();
});
