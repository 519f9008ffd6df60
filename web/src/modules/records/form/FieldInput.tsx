// The widget of a field, chosen by its type and by how much there is to choose from.
import { records } from '../../../api/records';
import type { Field, Kind } from '../../../api/kinds';
import { ChoiceField, ChoicesField, YesNoField } from '../../../ui/fields/Choice';
import type { Common } from '../../../ui/fields/common';
import { DateBox, DateField } from '../../../ui/fields/DateField';
import { GradeField, MoneyField, PlaceField, TimeField, type Grade, type Money, type Place, type Scheme } from '../../../ui/fields/Parts';
import { RowsField } from '../../../ui/fields/Rows';
import { CodesField, Suggest } from '../../../ui/fields/Suggest';
import { LongField, NumberField, TextField } from '../../../ui/fields/Text';
import { useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { schemesOf, type Names } from '../values/text';

type Props = Common & { kind: Kind; field: Field; value: unknown; names: Names; onChange: (value: unknown) => void; compact?: boolean };

const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : typeof value === 'string' && value ? [value] : []);
const text = (value: unknown) => (typeof value === 'string' ? value : '');

// Fields of one control have a label; the others are a group with a legend.
export const isGroup = (field: Field, kind: Kind): boolean =>
  ['yes_no', 'date', 'place', 'graded', 'money', 'rows'].includes(field.type) ||
  (field.type === 'coded' && (field.many || (kind.vocabularies[field.vocabulary ?? '']?.codes.filter((c) => !c.retired).length ?? 0) <= 6));

const commonOf = ({ id, label, describedBy, invalid = false }: Props): Common => ({ id, label, describedBy, invalid });

function Named(props: Props) {
  const { field, value, names, onChange } = props;
  const to = field.to === undefined ? [] : [field.to].flat();
  const find = async (q: string, signal: AbortSignal) => {
    if (field.type === 'staff') return (await records.suggestStaff(q, signal)).hits.map((h) => ({ code: h.code, title: h.name }));
    return (await records.suggest(to, q, signal)).hits.map((h) => ({ code: h.code, title: h.title }));
  };
  return <Suggest {...commonOf(props)} value={list(value)} many={field.many ?? false} name={(c) => names[c] ?? c} find={find} onChange={(v) => onChange(field.many ? v : (v[0] ?? ''))} />;
}

function Coded(props: Props) {
  const { kind, field, value, onChange, compact = false } = props;
  const common = commonOf(props);
  const codes = kind.vocabularies[field.vocabulary ?? '']?.codes ?? [];
  if (field.many) return <ChoicesField {...common} codes={codes} value={list(value)} onChange={onChange} />;
  return <ChoiceField {...common} codes={codes} value={text(value)} onChange={onChange} compact={compact} />;
}

function Lines({ id, describedBy, kind, field, value, names, onChange }: Props) {
  const label = useLabel();
  const columns = (field.columns ?? []).filter((c) => !c.retired);
  return (
    <RowsField
      id={id}
      columns={columns.map((c) => ({ name: c.name, label: label(c), required: c.required ?? false }))}
      value={Array.isArray(value) ? (value as Record<string, unknown>[]) : []}
      onChange={onChange}
      cell={(column, _i, v, change, aloud, cellId) => {
        const c = columns.find((x) => x.name === column.name)!;
        return <FieldInput id={cellId} kind={kind} field={c} value={v} names={names} onChange={change} label={aloud} describedBy={describedBy} compact />;
      }}
    />
  );
}

export function FieldInput(props: Props) {
  const t = useT();
  const { kind, field, value, onChange, compact = false } = props;
  const common = commonOf(props);
  switch (field.type) {
    case 'long':
      return compact ? <TextField {...common} value={text(value)} onChange={onChange} /> : <LongField {...common} value={text(value)} onChange={onChange} />;
    case 'integer':
    case 'number':
      return <NumberField {...common} value={value} onChange={onChange} whole={field.type === 'integer'} unit={field.unit} />;
    case 'yes_no':
      return <YesNoField {...common} value={typeof value === 'boolean' ? value : null} onChange={onChange} compact={compact} />;
    case 'date':
      return compact ? <DateBox {...common} value={text(value)} onChange={onChange} /> : <DateField {...common} value={text(value)} onChange={onChange} />;
    case 'time':
      return <TimeField {...common} value={text(value)} onChange={onChange} />;
    case 'place':
      return <PlaceField {...common} value={(value as Place | undefined) ?? null} onChange={onChange} />;
    case 'graded':
      return <GradeField {...common} value={(value as Grade | undefined) ?? null} onChange={onChange} schemes={schemesOf(kind).filter((s) => !s.retired) as Scheme[]} />;
    case 'money':
      return <MoneyField {...common} value={(value as Money | undefined) ?? null} onChange={onChange} />;
    case 'coded':
      return <Coded {...props} />;
    case 'reference':
    case 'staff':
      return <Named {...props} />;
    case 'items':
      return <CodesField {...common} value={list(value)} onChange={onChange} hint={t('records.form.items')} />;
    case 'rows':
      return <Lines {...props} />;
    case 'person':
      return field.many ? <CodesField {...common} value={list(value)} onChange={onChange} hint="W-" /> : <TextField {...common} value={text(value)} onChange={onChange} max={40} mono hint="W-" />;
    default:
      return <TextField {...common} value={text(value)} onChange={onChange} />;
  }
}
