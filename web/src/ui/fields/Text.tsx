import { TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { useT } from '../i18n';
import { aria, type Common } from './common';
import { numberText, spellNumber } from './numbers';

type Props = Common & { value: string; onChange: (value: string) => void; max?: number; mono?: boolean; hint?: string };

export function TextField({ id, value, onChange, max = 500, mono, hint, ...rest }: Props) {
  return (
    <TextInput id={id} dir="auto" value={value} maxLength={max} placeholder={hint} className={mono ? 'mono' : undefined} onChange={(_, v) => onChange(v)} autoComplete="off" validated={rest.invalid ? 'error' : 'default'} {...aria(rest)} />
  );
}

export function LongField({ id, value, onChange, max = 100_000, ...rest }: Props) {
  const t = useT();
  const left = max - value.length;
  return (
    <>
      <TextArea id={id} dir="auto" className="f-long" value={value} maxLength={max} onChange={(_, v) => onChange(v)} autoComplete="off" validated={rest.invalid ? 'error' : 'default'} {...aria(rest)} />
      {left < 1000 && (
        <p className="muted small num" role="status">
          {t('ui.field.left', { n: left })}
        </p>
      )}
    </>
  );
}

type NumberProps = Common & { value: unknown; onChange: (value: number | string | null) => void; whole: boolean; unit?: string | undefined };

// What is typed stays as typed; a number is given on, or the text itself where it is none, to be refused in words.
export function NumberField({ id, value, onChange, whole, unit, ...rest }: NumberProps) {
  const { locale } = useIntl();
  const shown = typeof value === 'number' ? numberText(value, locale) : typeof value === 'string' ? value : '';
  const [state, setState] = useState({ text: shown, given: value });
  if (state.given !== value) setState({ text: shown, given: value });
  const change = (text: string) => {
    const number = spellNumber(text, locale);
    const given = text.trim() === '' ? null : number === null || (whole && number.includes('.')) ? text : Number(number);
    setState({ text, given });
    onChange(given);
  };
  return (
    <span className="f-line">
      <TextInput id={id} className="f-number num" inputMode={whole ? 'numeric' : 'decimal'} value={state.text} onChange={(_, v) => change(v)} autoComplete="off" validated={rest.invalid ? 'error' : 'default'} {...aria(rest)} />
      {unit && <span className="muted">{unit}</span>}
    </span>
  );
}
