// A value of a record as one line of text: in lists, comparisons and what is read aloud.
import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { Code, Field, Kind } from '../../../api/kinds';
import { useDateWords } from '../../../ui/DateWords';
import { useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { isFilled } from '../declare/condition';

export type Names = Readonly<Record<string, string>>;

export const codeOf = (kind: Kind, vocabulary: string | undefined, code: unknown): Code | undefined =>
  kind.vocabularies[vocabulary ?? '']?.codes.find((c) => c.code === code);

export const schemesOf = (kind: Kind) => kind.vocabularies.grading?.codes ?? [];

type Part = Record<string, unknown>;

export function useValueText(kind: Kind, names: Names = {}): (field: Field, value: unknown) => string {
  const intl = useIntl();
  const t = useT();
  const label = useLabel();
  const dateWords = useDateWords();
  return useCallback(
    (field, value) => {
      const text = (f: Field, v: unknown): string => {
        if (!isFilled(v)) return '';
        if (Array.isArray(v) && f.type !== 'rows') return v.map((x) => text(f, x)).join(', ');
        switch (f.type) {
          case 'yes_no':
            return t(v ? 'ui.yes' : 'ui.no');
          case 'integer':
          case 'number':
            return typeof v === 'number' ? `${intl.formatNumber(v)}${f.unit ? ` ${f.unit}` : ''}` : String(v);
          case 'date':
            return dateWords(String(v));
          case 'time':
            return String(v).replace('T', ' ').replace(/(:\d\d)?(\.\d+)?Z$/, ' UTC');
          case 'coded':
            return label(codeOf(kind, f.vocabulary, v)) || String(v);
          case 'reference':
          case 'staff':
            return names[String(v)] ?? String(v);
          case 'place':
            return placeText(v as Part, intl.locale, t);
          case 'graded': {
            const g = v as Part;
            const scheme = schemesOf(kind).find((s) => s.code === g.scheme);
            const word = (codes: Code[] | undefined, c: unknown) => label(codes?.find((x) => x.code === c)) || '?';
            return `${String(g.source ?? '?')}${String(g.information ?? '?')}: ${word(scheme?.sources, g.source)}; ${word(scheme?.information, g.information)}`;
          }
          case 'money':
            return moneyText(v as Part, intl.formatNumber);
          case 'rows':
            return (v as Part[]).map((line) => (f.columns ?? []).flatMap((c) => (isFilled(line[c.name]) ? [t('ui.pair', { name: label(c), value: text(c, line[c.name]) })] : [])).join(', ')).join('; ');
          default:
            return String(v);
        }
      };
      return text(field, value);
    },
    [kind, names, intl, t, label, dateWords],
  );
}

const coordinate = (n: number, locale: string) => new Intl.NumberFormat(locale, { maximumFractionDigits: 5 }).format(n);

export function placeText(place: Part, locale: string, t: (id: string, values?: Record<string, string | number>) => string): string {
  const { name, lat, lon, radius_m: radius } = place;
  const at = typeof lat === 'number' && typeof lon === 'number' ? `${coordinate(lat, locale)}; ${coordinate(lon, locale)}` : '';
  const exact = typeof radius === 'number' ? t('records.place.radius', { n: radius }) : '';
  return [name ? String(name) : '', at, exact].filter(Boolean).join(' · ');
}

function moneyText(money: Part, format: (n: number, o: object) => string): string {
  const amount = Number(money.amount);
  if (!Number.isFinite(amount)) return `${String(money.amount)} ${String(money.currency)}`;
  try {
    return format(amount, { style: 'currency', currency: String(money.currency), currencyDisplay: 'code' });
  } catch {
    return `${String(money.amount)} ${String(money.currency)}`;
  }
}
