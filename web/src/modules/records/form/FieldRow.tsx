// A field with its label, its help, and what is wrong with it, right where it is filled in.
import type { Field, Kind } from '../../../api/kinds';
import { T } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { useMessage } from './message';
import type { Wrong } from '../declare/check';
import type { Names } from '../values/text';
import { FieldInput, isGroup } from './FieldInput';

type Props = {
  kind: Kind;
  field: Field;
  value: unknown;
  names: Names;
  wrong: readonly Wrong[];
  state: 'open' | 'masked' | 'sealed';
  onChange: (value: unknown) => void;
};

export const idOf = (field: string) => `field-${field}`;

export function FieldRow({ kind, field, value, names, wrong, state, onChange }: Props) {
  const label = useLabel();
  const message = useMessage();
  const id = idOf(field.name);
  const about = [field.help || state !== 'open' ? `${id}-help` : '', wrong.length ? `${id}-wrong` : ''].filter(Boolean).join(' ') || undefined;
  const name = (
    <>
      {label(field)}
      {field.required && (
        <span className="required" title="">
          {' '}
          <T id="records.form.required" />
        </span>
      )}
    </>
  );
  const below = (
    <>
      {(field.help || state !== 'open') && (
        <p id={`${id}-help`} className="muted small">
          {label(field.help)} {state !== 'open' && <T id={`records.form.${state}`} />}
        </p>
      )}
      {wrong.length > 0 && (
        <p id={`${id}-wrong`} className="wrong">
          {wrong.map((w) => message(w.message, w.field)).join(' ')}
        </p>
      )}
    </>
  );
  const input = <FieldInput id={id} kind={kind} field={field} value={value} names={names} onChange={onChange} describedBy={about} invalid={wrong.length > 0} />;
  const className = wrong.length ? 'f-row f-row-wrong' : 'f-row';
  if (isGroup(field, kind)) {
    return (
      <fieldset className={className} data-field={field.name}>
        <legend>{name}</legend>
        {input}
        {below}
      </fieldset>
    );
  }
  return (
    <div className={className} data-field={field.name}>
      <label htmlFor={id}>{name}</label>
      {input}
      {below}
    </div>
  );
}
