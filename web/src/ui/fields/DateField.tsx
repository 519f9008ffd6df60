import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useDateWords } from '../DateWords';
import { T, useT } from '../i18n';
import { aria, type Common } from './common';
import { isDate, joined, MARKS, partsOf, type End, type Mark, type Parts, type Shape } from './edtf';

const SHAPES: Shape[] = ['one', 'between', 'since', 'until'];
const MARK_WORD: Record<Mark, string> = { '': 'sure', '?': 'uncertain', '~': 'about', '%': 'both' };

type EndProps = Common & { end: End; which: string; onChange: (end: End) => void };

function EndInput({ id, end, which, onChange, ...rest }: EndProps) {
  const t = useT();
  return (
    <span className="f-line">
      <TextInput
        id={id}
        className="f-date num"
        value={end.text}
        placeholder={t('ui.date.form')}
        autoComplete="off"
        onChange={(_, text) => onChange({ ...end, text })}
        validated={rest.invalid ? 'error' : 'default'}
        {...aria({ ...rest, label: [rest.label, which].filter(Boolean).join(', ') })}
      />
      <FormSelect className="f-mark" value={end.mark} onChange={(_, mark) => onChange({ ...end, mark: mark as Mark })} aria-label={`${which}, ${t('ui.date.how')}`}>
        {MARKS.map((m) => (
          <FormSelectOption key={m} value={m} label={t(`ui.date.mark.${MARK_WORD[m]}`)} />
        ))}
      </FormSelect>
    </span>
  );
}

type Props = Common & { value: string; onChange: (value: string) => void };

// A date as exactly as it is known: a year, a month or a day is typed; what was understood is said in words.
export function DateField({ id, value, onChange, ...rest }: Props) {
  const t = useT();
  const words = useDateWords();
  const [state, setState] = useState(() => ({ parts: partsOf(value), given: value }));
  if (state.given !== value) setState({ parts: partsOf(value), given: value });
  const change = (parts: Parts) => {
    const given = joined(parts);
    setState({ parts, given });
    onChange(given);
  };
  const { shape, a, b } = state.parts;
  const both = shape === 'between';
  // The one end moves with the shape: what was typed as a date stays when it becomes a bound.
  const reshape = (next: Shape) => {
    const only = shape === 'until' ? b : a;
    const none: End = { text: '', mark: '' };
    if (next === 'until') change({ shape: next, a: none, b: both ? b : only });
    else change({ shape: next, a: both ? a : only, b: next === 'between' && both ? b : none });
  };
  return (
    <div className="f-dates">
      <FormSelect className="f-shape" value={shape} onChange={(_, v) => reshape(v as Shape)} aria-label={[rest.label, t('ui.date.shape')].filter(Boolean).join(', ')}>
        {SHAPES.map((s) => (
          <FormSelectOption key={s} value={s} label={t(`ui.date.shape.${s}`)} />
        ))}
      </FormSelect>
      {shape !== 'until' && <EndInput {...rest} id={id} end={a} which={t(both ? 'ui.date.from' : 'ui.date.date')} onChange={(next) => change({ ...state.parts, a: next })} />}
      {(both || shape === 'until') && (
        <EndInput {...rest} id={both ? `${id}-to` : id} end={b} which={t(both ? 'ui.date.to' : 'ui.date.date')} onChange={(next) => change({ ...state.parts, b: next })} />
      )}
      {value !== '' && isDate(value) && (
        <span className="muted small" role="status">
          <T id="ui.date.understood" values={{ date: words(value) }} />
        </span>
      )}
    </div>
  );
}

// In a table, and where only a bound is asked for, one box is enough.
export function DateBox({ id, value, onChange, ...rest }: Props) {
  const t = useT();
  const [state, setState] = useState({ text: value, given: value });
  if (state.given !== value) setState({ text: value, given: value });
  const change = (text: string) => {
    const [a = '', b] = text.split(/\s*\/\s*(?=\d{4}|\.\.|$)/);
    const slashed = b !== undefined && /^(\d{4}.*|\.\.)$/.test(a);
    const given = slashed ? text.trim() : joined({ shape: 'one', a: { text, mark: '' }, b: { text: '', mark: '' } });
    setState({ text, given });
    onChange(given);
  };
  return (
    <TextInput id={id} className="f-date num" value={state.text} placeholder={t('ui.date.form')} autoComplete="off" onChange={(_, v) => change(v)} validated={rest.invalid ? 'error' : 'default'} {...aria(rest)} />
  );
}
