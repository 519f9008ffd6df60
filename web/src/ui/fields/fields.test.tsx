// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState, type ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { afterEach, expect, test, vi } from 'vitest';
import en from '../messages/en.json';
import fr from '../messages/fr.json';
import { DateWords } from '../DateWords';
import { ChoiceField } from './Choice';
import { DateField } from './DateField';
import { CodesField, Suggest } from './Suggest';
import { NumberField } from './Text';

afterEach(cleanup);

const within = (node: ReactNode, locale = 'en') =>
  render(
    <IntlProvider locale={locale} messages={locale === 'fr' ? fr : en}>
      {node}
    </IntlProvider>,
  );

function Held<V>({ begin, told, children }: { begin: V; told: (v: V) => void; children: (value: V, change: (v: V) => void) => ReactNode }) {
  const [value, setValue] = useState(begin);
  return children(value, (v) => {
    setValue(v);
    told(v);
  });
}

test('dates of limited knowledge are said in words, in both languages', () => {
  const said = (of: string, locale = 'en') => {
    const { container, unmount } = within(<DateWords of={of} />, locale);
    const text = container.textContent;
    unmount();
    return text;
  };
  expect(said('2019')).toBe('2019');
  expect(said('2019-03?')).toBe('March 2019, uncertain');
  expect(said('2019-03-05~')).toBe('about Mar 5, 2019');
  expect(said('201X')).toBe('in the 2010s');
  expect(said('2019-XX')).toBe('2019');
  expect(said('2019-03/..')).toBe('since March 2019');
  expect(said('../2019-05-08', 'fr')).toBe('jusqu’à 8 mai 2019');
  expect(said('2019/2020~', 'fr')).toBe('2019 à vers 2020');
  expect(said('no date')).toBe('no date');
});

test('a date keeps what is typed and gives the one spelling on', async () => {
  const told = vi.fn();
  within(
    <Held begin="" told={told}>
      {(value, onChange) => <DateField id="d" value={value} onChange={onChange} />}
    </Held>,
  );
  const [box] = screen.getAllByRole('textbox');
  await userEvent.type(box!, '5/3/2019');
  expect(told).toHaveBeenLastCalledWith('2019-03-05');
  expect((box as HTMLInputElement).value).toBe('5/3/2019');
  await userEvent.selectOptions(screen.getByLabelText('date, how sure'), '~');
  expect(told).toHaveBeenLastCalledWith('2019-03-05~');
  await userEvent.selectOptions(screen.getByLabelText('kind of date'), 'until');
  expect(told).toHaveBeenLastCalledWith('../2019-03-05~');
  expect(screen.getByRole('status').textContent).toBe('= until about Mar 5, 2019');
});

test('a search box is moved by keys; what is chosen becomes a chip and can be taken away', async () => {
  const told = vi.fn();
  const find = vi.fn(async (q: string) => ['Ada', 'Adam', 'Grace'].filter((n) => n.toLowerCase().startsWith(q.toLowerCase())).map((n) => ({ code: n, title: `${n} of the office` })));
  within(
    <Held begin={[] as string[]} told={told}>
      {(value, onChange) => <Suggest id="s" label="Who" many value={value} onChange={onChange} name={(c) => c} find={find} />}
    </Held>,
  );
  const box = screen.getByRole('combobox', { name: 'Who' });
  await userEvent.type(box, 'ad');
  await screen.findAllByRole('option');
  await userEvent.keyboard('{ArrowDown}');
  expect(box.getAttribute('aria-activedescendant')).toBe('s-option-1');
  await userEvent.keyboard('{Enter}');
  expect(told).toHaveBeenLastCalledWith(['Adam']);
  expect(screen.getByText('Adam of the office')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Remove Adam of the office' }));
  expect(told).toHaveBeenLastCalledWith([]);
  await userEvent.type(box, 'zz');
  expect(await screen.findByText('Nothing found.')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByText('Nothing found.')).toBeNull();
});

test('few codes are buttons, more are a list, many are searched; retired ones are not offered', () => {
  const codes = (n: number) => Array.from({ length: n }, (_, i) => ({ code: `c${i}`, en: `Code ${i}`, fr: `Code ${i}`, retired: i === 0 }));
  const { rerender } = within(<ChoiceField id="c" codes={codes(5)} value="" onChange={() => undefined} />);
  const show = (n: number, value = '') =>
    rerender(
      <IntlProvider locale="en" messages={en}>
        <ChoiceField id="c" codes={codes(n)} value={value} onChange={() => undefined} />
      </IntlProvider>,
    );
  expect(screen.getAllByRole('radio')).toHaveLength(4);
  show(5, 'c0');
  expect(screen.getAllByRole('radio')).toHaveLength(5);
  show(12);
  expect(screen.getAllByRole('option')).toHaveLength(12);
  show(40);
  expect(screen.getByRole('combobox')).toBeTruthy();
});

test('numbers keep what is typed; what is none is given on as text, to be refused', async () => {
  const told = vi.fn();
  within(
    <Held begin={null as unknown} told={told}>
      {(value, onChange) => <NumberField id="n" whole={false} value={value} onChange={onChange} />}
    </Held>,
    'fr',
  );
  const box = screen.getByRole('textbox') as HTMLInputElement;
  await userEvent.type(box, '12,50');
  expect(told).toHaveBeenLastCalledWith(12.5);
  expect(box.value).toBe('12,50');
  await userEvent.type(box, 'x');
  expect(told).toHaveBeenLastCalledWith('12,50x');
});

test('identifiers end with a space, a comma or enter', async () => {
  const told = vi.fn();
  within(
    <Held begin={[] as string[]} told={told}>
      {(value, onChange) => <CodesField id="i" hint="" value={value} onChange={onChange} />}
    </Held>,
  );
  await userEvent.type(screen.getByRole('textbox'), '1-000012 1-000013,1-000012{Enter}');
  expect(told).toHaveBeenLastCalledWith(['1-000012', '1-000013']);
});
