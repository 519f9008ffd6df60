// The editor of one filter, in place below the chips, by the type of its field.
import { Button } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { records } from '../../../api/records';
import type { Filter, Kind } from '../../../api/kinds';
import { ChoiceField, ChoicesField, YesNoField, type Choosable } from '../../../ui/fields/Choice';
import { DateBox } from '../../../ui/fields/DateField';
import { dayText, daysOf, isDate } from '../../../ui/fields/edtf';
import { Suggest } from '../../../ui/fields/Suggest';
import { NumberField, TextField } from '../../../ui/fields/Text';
import { T, useT } from '../../../ui/i18n';
import { codesIn, some, valueOf, type Filterable } from './filter';
import '../../../ui/fields/fields.css';

type Props = { kind: Kind; what: Filterable; title: string; filters: readonly Filter[]; names: Record<string, string>; onNames: (names: Record<string, string>) => void; onApply: (filters: Filter[]) => void; onClose: () => void };

export function codesFor(kind: Kind, what: Filterable): Choosable[] {
  if (what.name === 'state' && !what.field) return (kind.workflow?.states ?? []).map((s) => ({ code: s.name, en: s.en, fr: s.fr }));
  if (what.name === 'case' && !what.field) return kind.cases.map((c) => ({ code: c.id, en: `${c.code} ${c.title}`, fr: `${c.code} ${c.title}` }));
  return kind.vocabularies[what.field?.vocabulary ?? '']?.codes ?? [];
}

export function FilterEditor({ kind, what, title, filters, names, onNames, onApply, onClose }: Props) {
  const t = useT();
  const box = useRef<HTMLFormElement>(null);
  const { name, editor } = what;
  const [from, setFrom] = useState<unknown>(valueOf(filters, 'from') ?? '');
  const [to, setTo] = useState<unknown>(valueOf(filters, 'to') ?? '');
  const [codes, setCodes] = useState<string[]>(codesIn(filters));
  const [yes, setYes] = useState<boolean | null>((valueOf(filters, 'is') as boolean | undefined) ?? null);
  const [words, setWords] = useState(String(valueOf(filters, 'contains') ?? ''));
  const [there, setThere] = useState<'' | 'filled' | 'empty'>(filters.some((f) => f.op === 'empty') ? 'empty' : filters.some((f) => f.op === 'filled') ? 'filled' : '');
  useEffect(() => box.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const wrongDate = editor === 'dates' && [from, to].some((d) => d !== '' && !isDate(String(d)));
  const value = (): Filter[] => {
    if (there) return [{ field: name, op: there }];
    if (name === 'author' || name === 'case') return some(name, [['is', codes[0]]]); // of these one is asked for
    if (editor === 'codes' || editor === 'names') return some(name, [['in', codes]]);
    if (editor === 'yes_no') return some(name, [['is', yes]]);
    if (editor === 'text') return some(name, [['contains', words.trim()]]);
    const day = (v: unknown, end: 'from' | 'to') => (!what.field && isDate(String(v)) ? dayText(daysOf(String(v))![end]) : v); // when it was made: to the day
    return some(name, [['from', day(from, 'from')], ['to', day(to, 'to')]]);
  };
  const find = async (q: string, signal: AbortSignal) => {
    const hits = what.field?.type === 'reference' ? (await records.suggest([what.field.to ?? []].flat(), q, signal)).hits.map((h) => ({ code: h.code, title: h.title })) : (await records.suggestStaff(q, signal)).hits.map((h) => ({ code: h.code, title: h.name }));
    onNames(Object.fromEntries(hits.map((h) => [h.code, h.title])));
    return hits;
  };
  const bounds = (input: (id: string, value: unknown, change: (v: unknown) => void) => React.ReactNode) => (
    <div className="f-line">
      <label htmlFor="filter-from">
        <T id="records.filter.from" />
      </label>
      {input('filter-from', from, setFrom)}
      <label htmlFor="filter-to">
        <T id="records.filter.to" />
      </label>
      {input('filter-to', to, setTo)}
    </div>
  );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it from any of its fields
    <form
      ref={box}
      className="filter-editor"
      aria-label={title}
      onSubmit={(e) => {
        e.preventDefault();
        if (!wrongDate) onApply(value());
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        e.preventDefault();
        onClose();
      }}
    >
      <fieldset className="f-row">
        <legend>{title}</legend>
        {!there && name === 'case' && <ChoiceField id="filter-case" codes={codesFor(kind, what)} value={codes[0] ?? ''} onChange={(c) => setCodes(c ? [c] : [])} />}
        {!there && editor === 'codes' && name !== 'case' && <ChoicesField id="filter-codes" codes={codesFor(kind, what)} value={codes} onChange={setCodes} />}
        {!there && editor === 'names' && <Suggest id="filter-names" label={title} many={what.field !== undefined} value={codes} name={(c) => names[c] ?? c} find={find} onChange={setCodes} />}
        {!there && editor === 'yes_no' && <YesNoField id="filter-yes" value={yes} onChange={setYes} />}
        {!there && editor === 'text' && <TextField id="filter-text" label={t('records.filter.containsOf', { what: title })} value={words} onChange={setWords} />}
        {!there && editor === 'dates' && bounds((id, v, change) => <DateBox id={id} value={String(v)} onChange={change} invalid={v !== '' && !isDate(String(v))} />)}
        {!there && editor === 'numbers' && bounds((id, v, change) => <NumberField id={id} value={v} onChange={(n) => change(n ?? '')} whole={what.field?.type === 'integer'} />)}
        {wrongDate && (
          <p className="wrong" role="alert">
            <T id="records.wrong.date" />
          </p>
        )}
      </fieldset>
      {what.field && (
        <div className="f-choices small">
          {(['filled', 'empty'] as const).map((op) => (
            <label key={op} className="f-choice">
              <input type="checkbox" checked={there === op} onChange={(e) => setThere(e.target.checked ? op : '')} />
              <T id={`records.filter.${op}`} />
            </label>
          ))}
        </div>
      )}
      <p className="filter-acts">
        <Button type="submit" size="sm">
          <T id="records.filter.apply" />
        </Button>
        <Button variant="link" size="sm" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </p>
    </form>
  );
}
