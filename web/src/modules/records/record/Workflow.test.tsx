// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { afterEach, expect, test, vi } from 'vitest';
import { Problem } from '../../../api/client';
import { records, type Move, type Rec } from '../../../api/records';
import { keys } from '../../../api/rights';
import app from '../../../app/messages/en.json';
import ui from '../../../ui/messages/en.json';
import { LEAD } from '../declare/lead.fixture';
import own from '../messages/en.json';
import { Sealed } from './Sealed';
import { Workflow } from './Workflow';

vi.mock('../../../app/session', () => ({ useSession: () => ({ renewed: () => undefined }) }));
vi.mock('../../../api/passkey', () => ({ askPasskey: () => Promise.resolve({}) }));

const ada = { code: 'P-1', name: 'Ada Lovelace' };
const record: Rec = {
  code: 'LEA-1', kind: 'lead', title: 'A lead', case: null, class: 'INTERNAL', state: 'draft', version: 1, made: '2026-11-27T10:00:00Z', author: ada, changed: '2026-11-27T10:00:00Z', changed_by: ada,
  values: {}, masked: [], sealed: ['contact'], names: {}, transitions: [], tasks: [], links: [], may: ['change', 'open_sealed'], locked: false, newest: 1,
};
const to = (name: string, more: Partial<Move> = {}): Move => ({ name, label: { en: name, fr: name }, to: 'next', allowed: true, reason: false, step_up: false, missing: [], ...more });

const shown = (node: ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <IntlProvider locale="en" messages={{ ...app, ...ui, ...own }}>
        {node}
      </IntlProvider>
    </QueryClientProvider>,
  );

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const flow = (more: Partial<Rec>) => <Workflow kind={LEAD} workflow={LEAD.workflow!} record={{ ...record, ...more }} etag={'"1"'} />;

test('what is missing is said, and the act waits for it', async () => {
  const move = vi.spyOn(records, 'move').mockResolvedValue({ code: 'LEA-1', state: 'submitted', version: 2 });
  const { rerender } = shown(flow({ transitions: [to('submit', { missing: [{ en: 'a conclusion', fr: 'une conclusion' }] })] }));
  expect(screen.getByText('Draft', { exact: false }).closest('li')?.getAttribute('aria-current')).toBe('step');
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(move).not.toHaveBeenCalled();
  expect(screen.getByText('a conclusion')).toBeTruthy();
  rerender(
    <QueryClientProvider client={new QueryClient()}>
      <IntlProvider locale="en" messages={{ ...app, ...ui, ...own }}>
        {flow({ transitions: [to('submit')] })}
      </IntlProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(move).toHaveBeenCalledWith('LEA-1', 'submit', {}, '"1"');
});

test('a reason is asked before; a refusal is told in its words', async () => {
  const move = vi.spyOn(records, 'move').mockRejectedValue(new Problem(409, { missing: [{ en: 'another person', fr: 'une autre personne' }] }));
  shown(flow({ transitions: [to('drop', { reason: true })] }));
  await userEvent.click(screen.getByRole('button', { name: 'Drop' }));
  await userEvent.type(screen.getByLabelText(/Reason/), 'not of this case');
  await userEvent.click(screen.getByRole('button', { name: 'Go on' }));
  expect(move).toHaveBeenCalledWith('LEA-1', 'drop', { reason: 'not of this case' }, '"1"');
  expect(await screen.findByText('another person')).toBeTruthy();
});

test('an act that needs a fresh proof takes one from the passkey, and is done then', async () => {
  const proof = { challenge: 'x', rp_id: 'localhost', timeout: 1 };
  vi.spyOn(keys, 'proofBegin').mockResolvedValue(proof as never);
  vi.spyOn(keys, 'proofFinish').mockResolvedValue({} as never);
  const move = vi.spyOn(records, 'move').mockRejectedValueOnce(new Problem(403, { code: 'fresh_proof' })).mockResolvedValue({ code: 'LEA-1', state: 'closed', version: 2 });
  shown(flow({ transitions: [to('close', { step_up: true })] }));
  expect(screen.getByText('with a fresh proof that it is you')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  await vi.waitFor(() => expect(move).toHaveBeenCalledTimes(2));
});

test('a sealed value is there only after a reason, and only where it may be opened', async () => {
  const open = vi.spyOn(records, 'open').mockResolvedValue({ value: 'by the baker' });
  const field = LEAD.fields.find((f) => f.name === 'contact')!;
  const { unmount } = shown(<Sealed kind={LEAD} field={field} record={{ ...record, may: [] }} past={false} />);
  expect(screen.queryByRole('button')).toBeNull();
  unmount();
  shown(<Sealed kind={LEAD} field={field} record={record} past={false} />);
  await userEvent.click(screen.getByRole('button', { name: /Open/ }));
  await userEvent.type(screen.getByLabelText(/Reason/), 'call agreed for tomorrow');
  await userEvent.click(screen.getByRole('button', { name: 'Open' }));
  expect(await screen.findByText('by the baker')).toBeTruthy();
  expect(open).toHaveBeenCalledWith('LEA-1', 'contact', 'call agreed for tomorrow');
});
