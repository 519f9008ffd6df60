// One code, or several, of a vocabulary: buttons while there are few, a list while it can be read, then a search.
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import type { Label } from '../label';
import { useLabel } from '../label';
import { useT } from '../i18n';
import { aria, type Common } from './common';
import { Suggest } from './Suggest';

export type Choosable = Label & { code: string; parent?: string; retired?: boolean; note?: Label };

const FEW = 6;
const LISTED = 20;

type Props = Common & { codes: readonly Choosable[]; compact?: boolean };
type One = Props & { value: string; onChange: (value: string) => void };
type Many = Props & { value: string[]; onChange: (value: string[]) => void };

const offered = (codes: readonly Choosable[], chosen: readonly string[]) => codes.filter((c) => !c.retired || chosen.includes(c.code));

function useFind(codes: readonly Choosable[]) {
  const label = useLabel();
  return async (words: string) => {
    const w = words.toLowerCase();
    return codes.filter((c) => !c.retired && (label(c).toLowerCase().includes(w) || c.code.toLowerCase() === w)).slice(0, 50).map((c) => ({ code: c.code, title: label(c), note: label(codes.find((p) => p.code === c.parent)) }));
  };
}

export function ChoiceField({ id, codes, value, onChange, compact = false, ...rest }: One) {
  const t = useT();
  const label = useLabel();
  const find = useFind(codes);
  const shown = offered(codes, [value]);
  if (shown.length > LISTED) {
    const name = (code: string) => label(codes.find((c) => c.code === code)) || code;
    return <Suggest id={id} {...rest} value={value ? [value] : []} name={name} find={find} onChange={(v) => onChange(v[0] ?? '')} />;
  }
  if (shown.length > FEW || compact) {
    return (
      <FormSelect id={id} className="f-select" value={value} onChange={(_, v) => onChange(v)} validated={rest.invalid ? 'error' : 'default'} {...aria(rest)}>
        <FormSelectOption value="" label={t('ui.field.none')} />
        {shown.map((c) => (
          <FormSelectOption key={c.code} value={c.code} label={label(c)} />
        ))}
      </FormSelect>
    );
  }
  return (
    <div className="f-choices">
      {shown.map((c, i) => (
        <label key={c.code} className="f-choice">
          <input type="radio" id={i === 0 ? id : undefined} name={id} checked={value === c.code} onChange={() => onChange(c.code)} aria-describedby={rest.describedBy} />
          {label(c)}
        </label>
      ))}
      {value !== '' && (
        <button type="button" className="plain-link" onClick={() => onChange('')}>
          {t('ui.field.clear')}
        </button>
      )}
    </div>
  );
}

export function ChoicesField({ id, codes, value, onChange, ...rest }: Many) {
  const label = useLabel();
  const find = useFind(codes);
  const shown = offered(codes, value);
  const name = (code: string) => label(codes.find((c) => c.code === code)) || code;
  if (shown.length > LISTED) return <Suggest id={id} {...rest} many value={value} name={name} find={find} onChange={onChange} />;
  return (
    <div className="f-choices">
      {shown.map((c, i) => (
        <label key={c.code} className="f-choice">
          <input
            type="checkbox"
            id={i === 0 ? id : undefined}
            checked={value.includes(c.code)}
            onChange={(e) => onChange(e.target.checked ? [...value, c.code] : value.filter((v) => v !== c.code))}
            aria-describedby={rest.describedBy}
          />
          {label(c)}
        </label>
      ))}
    </div>
  );
}

export function YesNoField({ id, value, onChange, describedBy, label, compact = false }: Common & { value: boolean | null; onChange: (value: boolean | null) => void; compact?: boolean }) {
  const t = useT();
  if (compact) return <input type="checkbox" id={id} checked={value === true} onChange={(e) => onChange(e.target.checked)} {...aria({ label, describedBy })} />;
  return (
    <div className="f-choices">
      {[true, false].map((x) => (
        <label key={String(x)} className="f-choice">
          <input type="radio" id={x ? id : undefined} name={id} checked={value === x} onChange={() => onChange(x)} aria-describedby={describedBy} />
          {t(x ? 'ui.yes' : 'ui.no')}
        </label>
      ))}
      {value !== null && (
        <button type="button" className="plain-link" onClick={() => onChange(null)}>
          {t('ui.field.clear')}
        </button>
      )}
    </div>
  );
}
