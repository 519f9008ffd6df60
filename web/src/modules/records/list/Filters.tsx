import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useCallback, useState } from 'react';
import type { Filter, Kind } from '../../../api/kinds';
import { useDateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { codesIn, fieldsInUse, filterables, filtersOf, valueOf, withFilters, type Filterable } from './filter';
import { codesFor, FilterEditor } from './FilterEditor';

type Props = { kind: Kind; filter: Filter[]; onChange: (filter: Filter[]) => void };

// The filters as removable chips; one is opened to change it, or a new one is chosen from the list.
export function Filters({ kind, filter, onChange }: Props) {
  const t = useT();
  const label = useLabel();
  const dateWords = useDateWords();
  const [open, setOpen] = useState<string | null>(null);
  const [names, setNames] = useState<Record<string, string>>({});
  const onNames = useCallback((more: Record<string, string>) => setNames((n) => ({ ...n, ...more })), []);
  const all = filterables(kind);
  const title = (w: Filterable) => (w.label ? label(w.label) : t(`records.column.${w.name}`));
  const used = fieldsInUse(filter);
  const say = (w: Filterable, filters: Filter[]): string => {
    if (filters.some((f) => f.op === 'empty')) return t('records.filter.empty');
    if (filters.some((f) => f.op === 'filled')) return t('records.filter.filled');
    if (w.editor === 'yes_no') return t(valueOf(filters, 'is') ? 'ui.yes' : 'ui.no');
    if (w.editor === 'text') return t('records.filter.contains', { words: String(valueOf(filters, 'contains') ?? valueOf(filters, 'is') ?? '') });
    if (w.editor === 'codes') return codesIn(filters).map((c) => label(codesFor(kind, w).find((x) => x.code === c)) || c).join(', ');
    if (w.editor === 'names') return codesIn(filters).map((c) => names[c] ?? c).join(', ');
    const end = (op: 'from' | 'to') => {
      const v = valueOf(filters, op);
      return v === undefined ? '' : t(`records.filter.${op}Value`, { value: w.editor === 'dates' ? dateWords(String(v)) : String(v) });
    };
    return [end('from'), end('to')].filter(Boolean).join(' ');
  };
  const editing = all.find((w) => w.name === open);
  const close = () => {
    setOpen(null);
    document.getElementById('add-filter')?.focus();
  };
  return (
    <div className="filters">
      <div className="filters-line">
        {used.length > 0 && (
          <ul className="f-chips" aria-label={t('records.filter.active')}>
            {used.map((name) => {
              const w = all.find((x) => x.name === name) ?? { name, label: null, editor: 'there' as const };
              return (
                <li key={name} className="f-chip">
                  <button type="button" className="chip-open" onClick={() => setOpen(name)}>
                    {t('ui.pair', { name: title(w), value: say(w, filtersOf(filter, name)) })}
                  </button>
                  <button type="button" onClick={() => onChange(withFilters(filter, name, []))} aria-label={t('ui.field.drop', { what: title(w) })}>
                    ×
                  </button>
                </li>
              );
            })}
          </ul>
        )}
        <FormSelect id="add-filter" className="f-select" value="" onChange={(_, v) => setOpen(v || null)} aria-label={t('records.filter.add')}>
          <FormSelectOption value="" label={t('records.filter.add')} />
          {all.map((w) => (
            <FormSelectOption key={w.name} value={w.name} label={title(w)} />
          ))}
        </FormSelect>
        {used.length > 0 && (
          <button type="button" className="plain-link" onClick={() => onChange([])}>
            <T id="records.filter.none" />
          </button>
        )}
      </div>
      {editing && (
        <FilterEditor
          key={editing.name}
          kind={kind}
          what={editing}
          title={title(editing)}
          filters={filtersOf(filter, editing.name)}
          names={names}
          onNames={onNames}
          onApply={(next) => {
            onChange(withFilters(filter, editing.name, next));
            close();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}
