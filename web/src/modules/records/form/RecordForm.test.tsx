// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { IntlProvider } from 'react-intl';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import own from '../messages/en.json';
import ownFr from '../messages/fr.json';
import ui from '../../../ui/messages/en.json';
import uiFr from '../../../ui/messages/fr.json';
import type { Wrong } from '../declare/check';
import { toSend } from '../declare/check';
import { LEAD } from '../declare/lead.fixture';
import { RecordForm } from './RecordForm';

const world = { state: 'draft' };
const sent = vi.fn();

beforeAll(() => {
  Element.prototype.scrollIntoView = () => undefined;
  globalThis.CSS ??= { escape: (s: string) => s } as typeof CSS;
});
afterEach(() => {
  cleanup();
  sent.mockClear();
});

function Harness({ begin, refused, masked }: { begin: Record<string, unknown>; refused: Wrong[]; masked: string[] }) {
  const [values, setValues] = useState(begin);
  return <RecordForm kind={LEAD} values={values} names={{ 'P-7': 'Grace Hopper' }} world={world} masked={masked} sealed={['contact']} refused={refused} onChange={setValues} onSave={() => sent(toSend(LEAD, values, world))} onCancel={() => undefined} busy={false} save="Add" />;
}

const shown = (begin: Record<string, unknown> = {}, { refused = [] as Wrong[], masked = [] as string[], locale = 'en' } = {}) =>
  render(
    <IntlProvider locale={locale} messages={locale === 'fr' ? { ...uiFr, ...ownFr } : { ...ui, ...own }}>
      <Harness begin={begin} refused={refused} masked={masked} />
    </IntlProvider>,
  );

const good = { title: 'A lead', received: '2026-01-05', account: 'Said so.' };

test('what is missing is told at the top, with the focus, and beside each field', async () => {
  const { container } = shown();
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(sent).not.toHaveBeenCalled();
  expect(document.activeElement?.className).toContain('form-summary');
  expect(within(container.querySelector('.form-summary')!).getAllByRole('listitem')).toHaveLength(3);
  const title = screen.getByLabelText(/^Title/);
  expect(title.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(title.getAttribute('aria-describedby')!)?.textContent).toBe('Fill this in.');
  await userEvent.click(within(container.querySelector('.form-summary')!).getByRole('button', { name: 'Title' }));
  expect(document.activeElement).toBe(title);
  await userEvent.type(title, 'x');
  expect(within(container.querySelector('.form-summary')!).getAllByRole('listitem')).toHaveLength(2);
});

test('a conditional field comes in its place, and its value is not sent once it has gone', async () => {
  shown(good);
  expect(screen.queryByLabelText(/^Why it is urgent/)).toBeNull();
  const urgent = screen.getByRole('group', { name: 'Urgent' });
  await userEvent.click(within(urgent).getByLabelText('Yes'));
  await userEvent.type(screen.getByLabelText(/^Why it is urgent/), 'Danger.');
  await userEvent.click(within(urgent).getByLabelText('No'));
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(sent).toHaveBeenCalledWith({ ...good, urgent: false });
});

test('dates, places, money and lines are typed as people type them, with a decimal comma in French', async () => {
  shown(good, { locale: 'fr' });
  await userEvent.type(within(screen.getByRole('group', { name: /^Date des faits/ })).getByRole('textbox'), 'mars 2019');
  await userEvent.type(screen.getByLabelText('Nom du lieu'), 'Kovar');
  await userEvent.type(screen.getByLabelText('Latitude'), '50,45');
  await userEvent.type(screen.getByLabelText('Longitude'), '30°30′E');
  await userEvent.type(screen.getByLabelText('Montant'), '1 234,5');
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter une ligne' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Démarche, ligne 1' }), 'Appeler');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(sent).toHaveBeenCalledWith({
    ...good,
    happened: '2019-03',
    place: { name: 'Kovar', lat: 50.45, lon: 30.5 },
    costs: { amount: '1234.5', currency: 'EUR' },
    steps: [{ step: 'Appeler' }],
  });
});

test('a pair of coordinates is pasted whole', async () => {
  shown(good);
  await userEvent.click(screen.getByLabelText('Latitude'));
  await userEvent.paste('50.45, 30.52');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(sent).toHaveBeenCalledWith({ ...good, place: { lat: 50.45, lon: 30.52 } });
});

test('what the server refused stands beside its field, a line of a table with its number', () => {
  const { container } = shown(good, { refused: [{ field: 'steps[1].by', message: { en: 'No such day', fr: 'Pas de tel jour' } }] });
  expect(within(container.querySelector('.form-summary')!).getByRole('listitem').textContent).toBe('Steps Line 2: No such day');
  expect(container.querySelector('[data-field=steps] .wrong')?.textContent).toBe('Line 2: No such day');
});

test('a field that is filled and not shown is not asked for again', async () => {
  shown({ received: good.received, account: good.account }, { masked: ['title'] });
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(sent).toHaveBeenCalled();
  expect(screen.getAllByText(/It stays as it is/)).toHaveLength(1);
  expect(screen.getByText(/left empty, it stays/)).toBeTruthy();
});
