// A date of limited knowledge, said in words.
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import { useT } from './i18n';
import { isDate, partsOf, type End } from './fields/edtf';

export function useDateWords(): (value: string) => string {
  const intl = useIntl();
  const t = useT();
  return useCallback(
    (value) => {
      if (!isDate(value)) return value;
      const plain = (text: string) => {
        const [year = '', month, day] = text.split('-');
        if (/^\d{3}X$/.test(year)) return t('ui.date.decade', { from: `${year.slice(0, 3)}0` });
        if (/^\d\dXX$/.test(year)) return t('ui.date.century', { from: `${year.slice(0, 2)}00`, to: `${year.slice(0, 2)}99` });
        if (!month || month === 'XX') return year;
        const known = day && day !== 'XX';
        const noon = new Date(`${year}-${month}-${known ? day : '01'}T12:00:00Z`);
        return intl.formatDate(noon, { year: 'numeric', month: known ? 'short' : 'long', day: known ? 'numeric' : undefined, timeZone: 'UTC' });
      };
      const end = ({ text, mark }: End) => {
        const date = plain(text);
        if (mark === '~') return t('ui.date.about', { date });
        if (mark === '?') return t('ui.date.uncertain', { date });
        return mark === '%' ? t('ui.date.both', { date }) : date;
      };
      const { shape, a, b } = partsOf(value);
      if (shape === 'one') return end(a);
      if (shape === 'since') return t('ui.date.since', { from: end(a) });
      if (shape === 'until') return t('ui.date.until', { to: end(b) });
      return t('ui.date.between', { from: end(a), to: end(b) });
    },
    [intl, t],
  );
}

export function DateWords({ of }: { of: string }) {
  const words = useDateWords();
  return (
    <span className="num">
      <bdi>{words(of)}</bdi>
    </span>
  );
}
