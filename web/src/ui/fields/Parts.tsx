// Fields of several parts: a place, a grade, an amount of money, a moment.
import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useMemo, useState, type ClipboardEvent } from 'react';
import { useIntl } from 'react-intl';
import { useT } from '../i18n';
import { useLabel, type Label } from '../label';
import { SmallMap } from '../map/SmallMap';
import { aria, type Common } from './common';
import { degrees, numberText, pair, spellNumber } from './numbers';

export type Place = { name?: string; lat?: number | string; lon?: number | string; radius_m?: number | string };

const clean = (place: Place): Place | null => {
  const given = Object.entries(place).filter(([, v]) => v !== '' && v !== undefined && v !== null);
  return given.length ? (Object.fromEntries(given) as Place) : null;
};

function PlaceNumber({ id, value, name, read, onChange, onPaste, common }: { id: string; value: unknown; name: string; read: (typed: string) => number | null; onChange: (v: number | string) => void; onPaste?: (e: ClipboardEvent) => void; common: Omit<Common, 'id'> }) {
  const { locale } = useIntl();
  const shown = value === undefined || value === null ? '' : numberText(value as number | string, locale);
  const [state, setState] = useState({ text: shown, given: value });
  if (state.given !== value) setState({ text: shown, given: value });
  return (
    <div className="f-part">
      <label className="label" htmlFor={id}>{name}</label>
      <TextInput
        id={id}
        className="f-number num"
        inputMode="decimal"
        autoComplete="off"
        value={state.text}
        onPaste={onPaste}
        onChange={(_, text) => {
          const given = text.trim() === '' ? undefined : (read(text) ?? text);
          setState({ text, given });
          onChange(given ?? '');
        }}
        validated={common.invalid ? 'error' : 'default'}
        aria-describedby={common.describedBy}
      />
    </div>
  );
}

// A name, coordinates, or both, and how exact they are. A pair of coordinates may be pasted whole.
export function PlaceField({ id, value, onChange, ...common }: Common & { value: Place | null; onChange: (value: Place | null) => void }) {
  const t = useT();
  const { locale } = useIntl();
  const place = value ?? {};
  const change = (part: Place) => onChange(clean({ ...place, ...part }));
  const onPaste = (e: ClipboardEvent) => {
    const found = pair(e.clipboardData.getData('text'));
    if (!found) return;
    e.preventDefault();
    change(found);
  };
  const meters = (typed: string) => {
    const n = spellNumber(typed, locale);
    return n === null ? null : Number(n);
  };
  return (
    <div className="f-parts">
      <div className="f-part f-wide">
        <label className="label" htmlFor={id}>{t('ui.place.name')}</label>
        <TextInput id={id} dir="auto" maxLength={200} autoComplete="off" value={place.name ?? ''} onChange={(_, name) => change({ name })} validated={common.invalid ? 'error' : 'default'} aria-describedby={common.describedBy} />
      </div>
      <PlaceNumber id={`${id}-lat`} value={place.lat} name={t('ui.place.lat')} read={(x) => degrees(x, 90)} onChange={(lat) => change({ lat })} onPaste={onPaste} common={common} />
      <PlaceNumber id={`${id}-lon`} value={place.lon} name={t('ui.place.lon')} read={(x) => degrees(x, 180)} onChange={(lon) => change({ lon })} onPaste={onPaste} common={common} />
      <PlaceNumber id={`${id}-radius`} value={place.radius_m} name={t('ui.place.radius')} read={meters} onChange={(radius_m) => change({ radius_m })} common={common} />
      <SmallMap lat={place.lat} lon={place.lon} radius={place.radius_m} onPick={(lat, lon) => change({ lat, lon })} />
    </div>
  );
}

type GradeCode = Label & { code: string };
export type Scheme = GradeCode & { sources?: GradeCode[]; information?: GradeCode[]; retired?: boolean };
export type Grade = { scheme?: string; source?: string; information?: string };

// A grade of a source and of what it says, each by its letter and in words.
export function GradeField({ id, value, onChange, schemes, ...common }: Common & { value: Grade | null; onChange: (value: Grade | null) => void; schemes: readonly Scheme[] }) {
  const t = useT();
  const label = useLabel();
  const scheme = schemes.find((s) => s.code === (value?.scheme ?? schemes[0]?.code));
  const change = (part: Grade) => {
    const next = { scheme: scheme?.code ?? '', ...value, ...part };
    onChange(next.source || next.information ? next : part.scheme ? { scheme: part.scheme } : null);
  };
  const select = (part: 'source' | 'information', codes: GradeCode[], first: boolean) => (
    <div className="f-part f-wide">
      <label className="label" htmlFor={first ? id : `${id}-${part}`}>
        {t(`ui.grade.${part}`)}
      </label>
      <FormSelect id={first ? id : `${id}-${part}`} value={value?.[part] ?? ''} onChange={(_, v) => change({ [part]: v })} validated={common.invalid ? 'error' : 'default'} aria-describedby={common.describedBy}>
        <FormSelectOption value="" label={t('ui.field.none')} />
        {codes.map((c) => (
          <FormSelectOption key={c.code} value={c.code} label={`${c.code} – ${label(c)}`} />
        ))}
      </FormSelect>
    </div>
  );
  return (
    <div className="f-parts">
      {select('source', scheme?.sources ?? [], true)}
      {select('information', scheme?.information ?? [], false)}
      {schemes.length > 1 && (
        <div className="f-part"><label className="label" htmlFor={`${id}-scheme`}>{t('ui.grade.scheme')}</label>
          <FormSelect id={`${id}-scheme`} value={scheme?.code} onChange={(_, v) => change({ scheme: v, source: '', information: '' })}>
            {schemes.map((s) => (
              <FormSelectOption key={s.code} value={s.code} label={label(s)} />
            ))}
          </FormSelect>
        </div>
      )}
    </div>
  );
}

export type Money = { amount?: string; currency?: string };

const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'UAH', 'XAF', 'CDF', 'LBP', 'SDG'];

export function MoneyField({ id, value, onChange, ...common }: Common & { value: Money | null; onChange: (value: Money | null) => void }) {
  const t = useT();
  const intl = useIntl();
  const [text, setText] = useState(() => numberText(value?.amount ?? '', intl.locale));
  const [given, setGiven] = useState(value?.amount ?? '');
  if (given !== (value?.amount ?? '')) {
    setGiven(value?.amount ?? '');
    setText(numberText(value?.amount ?? '', intl.locale));
  }
  const currency = value?.currency ?? CURRENCIES[0]!;
  const all = useMemo(() => [...new Set([...CURRENCIES, ...Intl.supportedValuesOf('currency')])], []);
  const name = (c: string) => intl.formatDisplayName(c, { type: 'currency' }) ?? c;
  const change = (typed: string) => {
    const amount = typed.trim() === '' ? '' : (spellNumber(typed, intl.locale) ?? typed);
    setText(typed);
    setGiven(amount);
    onChange(amount === '' ? null : { amount, currency });
  };
  return (
    <div className="f-parts">
      <div className="f-part">
        <label className="label" htmlFor={id}>{t('ui.money.amount')}</label>
        <TextInput id={id} className="f-number num" inputMode="decimal" autoComplete="off" value={text} onChange={(_, v) => change(v)} validated={common.invalid ? 'error' : 'default'} aria-describedby={common.describedBy} />
      </div>
      <div className="f-part"><label className="label" htmlFor={`${id}-currency`}>{t('ui.money.currency')}</label>
        <FormSelect id={`${id}-currency`} className="f-select" value={currency} onChange={(_, c) => onChange({ amount: given, currency: c })}>
          {all.map((c) => (
            <FormSelectOption key={c} value={c} label={`${c} – ${name(c)}`} />
          ))}
        </FormSelect>
      </div>
    </div>
  );
}

// A moment, in UTC as the office keeps all its times.
export function TimeField({ id, value, onChange, ...common }: Common & { value: string; onChange: (value: string) => void }) {
  const local = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)/.exec(value)?.[1] ?? '';
  return (
    <span className="f-line">
      <input type="datetime-local" id={id} className="f-in f-time num" value={local} onChange={(e) => onChange(e.target.value ? `${e.target.value}:00Z` : '')} {...aria(common)} />
      <span className="muted">UTC</span>
    </span>
  );
}
