// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { IntlProvider } from 'react-intl';
import { expect, test } from 'vitest';
import { Lines } from './Highlight';
import messages from './messages/en.json';

const long = Array.from({ length: 5000 }, (_, i) => (i === 4500 ? 'line \u0002hit\u0003' : `line ${i}`)).join('\n');
const shown = (current: number | null) => (
  <IntlProvider locale="en" messages={messages}>
    <Lines text={long} current={current} />
  </IntlProvider>
);

test('of a long text a block is shown, the one with the hit, and how much that is', async () => {
  const { container, rerender } = render(shown(0));
  expect(container.querySelectorAll('.line')).toHaveLength(1000);
  expect(container.querySelector('mark.cur')?.textContent).toBe('hit');
  expect(screen.getAllByText(/Lines 4,001 to 5,000 of 5,000/)).toHaveLength(2);
  await userEvent.click(screen.getAllByRole('button', { name: 'Earlier' })[0]!);
  expect(container.querySelectorAll('.line')).toHaveLength(2000);
  expect(container.querySelector('.line')?.textContent).toBe('line 2000');
  rerender(shown(null));
  expect(container.querySelector('.line')?.textContent).toBe('line 0');
});
