// Days of spans as numbers, and whether they are certain.
import { daysOf, partsOf } from '../../../ui/fields/edtf';

export const day = (text: string | null, open: number) => (text === null ? open : (daysOf(text)?.from ?? open));

// A day that is known, or a span between two known days, is certain; all else lies somewhere within its bounds.
export function isSure(value: string): boolean {
  const { shape, a, b } = partsOf(value);
  const whole = (e: typeof a) => e.mark === '' && /^\d{4}-\d\d-\d\d$/.test(e.text);
  return shape === 'one' ? whole(a) : shape === 'between' && whole(a) && whole(b);
}
