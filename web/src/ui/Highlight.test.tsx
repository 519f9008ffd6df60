// @vitest-environment jsdom
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Highlight, Lines } from './Highlight';

test('hostile text stays text', () => {
  const { container } = render(<Highlight text={'a \u0002<img src=x onerror=alert(1)>\u0003<script>1</script>'} />);
  expect(container.querySelectorAll('mark')).toHaveLength(1);
  expect(container.querySelector('img, script')).toBeNull();
  expect(container.textContent).toBe('a <img src=x onerror=alert(1)><script>1</script>');
});

test('the current hit is marked, and each line finds its direction', () => {
  const { container } = render(<Lines text={'one \u0002two\u0003\nقرية \u0002ثلاثة\u0003'} current={1} />);
  expect(container.querySelectorAll('[dir=auto]')).toHaveLength(2);
  expect(container.querySelector('mark.cur')?.textContent).toBe('ثلاثة');
});
