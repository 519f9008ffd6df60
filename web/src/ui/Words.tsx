// Words of evidence and of the office, each kept apart from the direction of writing around it.
import { Fragment, type ReactNode } from 'react';
import { FormattedDate, FormattedMessage, useIntl } from 'react-intl';
import { visible } from './text';

// A name or path out of evidence. The folders of a path follow one another from left to right whatever their script:
// each is kept apart, or two Arabic ones would change places.
export function Name({ of }: { of: string }) {
  const parts = visible(of).split('/');
  if (parts.length === 1) return <bdi>{parts[0]}</bdi>;
  return (
    <bdi dir="ltr">
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && '/'}
          <bdi>{part}</bdi>
        </Fragment>
      ))}
    </bdi>
  );
}

// An identifier, hash or number that is read from left to right whatever stands around it.
export const Code = ({ children }: { children: ReactNode }) => (
  <bdi dir="ltr" className="mono">
    {children}
  </bdi>
);

// A time of the office's own records, to the second, in UTC as the ledger keeps it.
export function Moment({ at }: { at: string }) {
  const text = at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
  return (
    <time dateTime={at} className="num nowrap">
      <bdi dir="ltr">{text}</bdi>
    </time>
  );
}

// A date as evidence tells it: a year, a month, a day or a moment. What is not known is not made up.
export function EvidenceDate({ of }: { of: string }) {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T|$)/.exec(of);
  if (!parts) return <bdi>{of}</bdi>;
  const [, year, month, day] = parts;
  if (!month) return <span className="num">{year}</span>;
  const noon = new Date(`${year}-${month}-${day ?? '01'}T12:00:00Z`);
  return (
    <time dateTime={of} className="num nowrap">
      {day ? (
        <FormattedDate value={noon} year="numeric" month="short" day="2-digit" timeZone="UTC" />
      ) : (
        <FormattedDate value={noon} year="numeric" month="long" timeZone="UTC" />
      )}
    </time>
  );
}

export function Bytes({ of }: { of: number }) {
  return <>{useBytes()(of)}</>;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function useBytes(): (n: number) => string {
  const intl = useIntl();
  return (n) => {
    const power = Math.min(UNITS.length - 1, n < 1000 ? 0 : Math.floor(Math.log10(n) / 3));
    return intl.formatNumber(n / 1000 ** power, {
      style: 'unit',
      unit: UNITS[power],
      unitDisplay: 'short',
      maximumFractionDigits: power === 0 || n / 1000 ** power >= 100 ? 0 : 1,
    });
  };
}

export function Num({ of }: { of: number }) {
  return <span className="num">{useIntl().formatNumber(of)}</span>;
}

// Seconds as a person says them: "40 s", "12 min", "3 h 5 min".
export function Duration({ seconds }: { seconds: number }) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return <FormattedMessage id="ui.duration.s" values={{ s }} />;
  const minutes = Math.round(s / 60);
  if (minutes < 90) return <FormattedMessage id="ui.duration.min" values={{ min: minutes }} />;
  return <FormattedMessage id="ui.duration.h" values={{ h: Math.floor(minutes / 60), min: minutes % 60 }} />;
}

// The name of a language in the language of the interface.
export function useLanguageName(): (code: string) => string {
  const intl = useIntl();
  return (code) => {
    try {
      return intl.formatDisplayName(code, { type: 'language' }) ?? code;
    } catch {
      return code;
    }
  };
}
