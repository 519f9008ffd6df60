// Every screen of records in every theme and both languages.
import type { Page } from '@playwright/test';
import { everyFace } from '../faces';
import { expect, test } from '../guard';
import { addLead } from './leads';

const FULL = {
  title: 'Convoy seen near the quarry',
  channel: 'person',
  grade: { scheme: 'admiralty', source: 'B', information: '2' },
  happened: '2023-11/2024-01~',
  place: { name: 'Kovar', lat: 48.5, lon: 38.2, radius_m: 5000 },
  deaths: 12,
  urgent: true,
  why_urgent: 'A witness is in danger.',
  costs: { amount: '1200.50', currency: 'EUR' },
  steps: [{ step: 'Call the State', by: '2024-05', done: true }, { step: 'Write' }],
  contact: 'by the baker',
};

const SCREENS: Record<string, (page: Page) => Promise<unknown>> = {
  home: async (page) => {
    await addLead(page, FULL);
    await page.goto('/#/home');
    await expect(page.getByRole('region', { name: 'What moved this week' })).toBeVisible();
  },
  list: async (page) => page.goto('/#/records/lead'),
  map: async (page) => page.goto('/#/records/lead?tab=map'),
  timeline: async (page) => page.goto('/#/records/lead?tab=time'),
  counts: async (page) => page.goto('/#/records/lead?tab=counts'),
  board: async (page) => page.goto('/#/records/lead?tab=board'),
  calendar: async (page) => page.goto('/#/records/lead?tab=calendar'),
  year: async (page) => page.goto('/#/records/lead?tab=heat'),
  new: async (page) => page.goto('/#/records/lead/new'),
  record: async (page) => {
    await page.goto(`/#/record/${await addLead(page, FULL)}`);
    await page.locator('summary').first().click();
  },
  edit: async (page) => page.goto(`/#/record/${await addLead(page, FULL)}/edit`),
  import: async (page) => page.goto('/#/records/lead/import'),
  inbox: async (page) => page.goto('/#/inbox'),
  find: async (page) => page.goto('/#/find'),
  templates: async (page) => page.goto('/#/templates'),
  template: async (page) => page.goto('/#/templates/charges'),
  vocabularies: async (page) => page.goto('/#/vocabularies'),
  vocabulary: async (page) => page.goto('/#/vocabularies/channel'),
};

for (const [name, open] of Object.entries(SCREENS)) {
  test(`${name} of records in every theme and language`, async ({ page, axe }) => {
    test.setTimeout(120_000);
    await open(page);
    await everyFace(page, axe, `records-${name}`, name === 'map' ? 700 : 100);
  });
}
