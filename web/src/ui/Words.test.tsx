// @vitest-environment jsdom
import { render } from '@testing-library/react';
import { IntlProvider } from 'react-intl';
import { expect, test } from 'vitest';
import { Bytes, Duration, EvidenceDate, Moment, Name } from './Words';

const messages = { 'ui.duration.s': '{s} s', 'ui.duration.min': '{min} min', 'ui.duration.h': '{h} h {min} min' };
const shown = (node: React.ReactNode, locale = 'en') =>
  render(
    <IntlProvider locale={locale} messages={messages} onError={() => undefined}>
      {node}
    </IntlProvider>,
  ).container;

test('each folder of a path keeps its own direction inside a path from left to right', () => {
  const container = shown(<Name of={'مصادر/أمر 150.pdf'} />);
  expect(container.querySelector('bdi')?.getAttribute('dir')).toBe('ltr');
  expect(container.querySelectorAll('bdi bdi')).toHaveLength(2);
  expect(container.textContent).toBe('مصادر/أمر 150.pdf');
});

test('what turns a name round is shown, not obeyed', () => {
  expect(shown(<Name of={'a\u202egpj.exe'} />).textContent).toBe('a⟨U+202E⟩gpj.exe');
});

test('dates of evidence are shown as exactly as they are known', () => {
  expect(shown(<EvidenceDate of="2019" />).textContent).toBe('2019');
  expect(shown(<EvidenceDate of="2019-03" />).textContent).toBe('March 2019');
  expect(shown(<EvidenceDate of="2019-03-04T23:59:59Z" />).textContent).toBe('Mar 04, 2019');
  expect(shown(<EvidenceDate of="sometime in spring" />).textContent).toBe('sometime in spring');
});

test('times of the office are UTC and say so', () => {
  expect(shown(<Moment at="2026-11-25T21:44:37.123456Z" />).textContent).toBe('2026-11-25 21:44:37 UTC');
});

test('sizes and durations in the language of the interface', () => {
  expect(shown(<Bytes of={0} />).textContent).toBe('0 byte');
  expect(shown(<Bytes of={1_234_567} />, 'fr').textContent).toMatch(/^1,2\sMo$/);
  expect(shown(<Duration seconds={40} />).textContent).toBe('40 s');
  expect(shown(<Duration seconds={11_100} />).textContent).toBe('3 h 5 min');
});
