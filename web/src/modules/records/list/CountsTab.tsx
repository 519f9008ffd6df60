import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { queries } from '../../../api/records';
import type { Filter, Kind } from '../../../api/kinds';
import { Loaded } from '../../../app/problem';
import { Bars } from '../../../ui/Bars';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { useStateName } from '../data';
import { codeOf } from '../values/text';

const COUNTED = new Set(['coded', 'yes_no', 'staff']);

// How many records hold which value, as bars and as a table; a bar narrows the list.
export default function CountsTab({ kind, query, onNarrow }: { kind: Kind; query: string; onNarrow: (filter: Filter) => void }) {
  const t = useT();
  const label = useLabel();
  const stateName = useStateName(kind);
  const navigate = useNavigate();
  const fields = kind.fields.filter((f) => COUNTED.has(f.type) && !f.guard && !f.retired);
  const choices = [...(kind.workflow ? [{ name: 'state', label: t('records.column.state') }] : []), ...fields.map((f) => ({ name: f.name, label: label(f) }))];
  const asked = (useSearch({ strict: false }) as { by?: string }).by;
  const by = choices.find((c) => c.name === asked)?.name ?? choices[0]?.name ?? 'state';
  const field = fields.find((f) => f.name === by);
  const counts = useQuery({ queryKey: ['counts', query, by], queryFn: ({ signal }) => queries.counts(query, by, signal), staleTime: 30_000 });
  const word = (value: string) => {
    if (value === '' || value === null) return t('records.value.none');
    if (!field) return stateName(value);
    if (field.type === 'yes_no') return t(String(value) === 'true' ? 'ui.yes' : 'ui.no');
    return label(codeOf(kind, field.vocabulary, value)) || value;
  };
  const narrow = (value: string): Filter => {
    if (value === '' || value === null) return { field: by, op: 'empty' };
    return field?.type === 'yes_no' ? { field: by, op: 'is', value: String(value) === 'true' } : { field: by, op: 'in', value: [value] };
  };
  const title = choices.find((c) => c.name === by)?.label ?? by;
  return (
    <div className="scroll pad" tabIndex={-1}>
      <label className="f-line below" htmlFor="count-by">
        <T id="records.counts.by" />
        <FormSelect id="count-by" className="f-select" value={by} onChange={(_, v) => void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((now: object) => ({ ...now, by: v })) as never })}>
          {choices.map((c) => (
            <FormSelectOption key={c.name} value={c.name} label={c.label} />
          ))}
        </FormSelect>
      </label>
      <Loaded query={counts}>
        {(data) => <Bars title={title} word={title} ceiling={40} bars={data.counts.map((c) => ({ key: String(c.value), label: word(c.value), count: c.count, onOpen: () => onNarrow(narrow(c.value)) }))} />}
      </Loaded>
    </div>
  );
}
