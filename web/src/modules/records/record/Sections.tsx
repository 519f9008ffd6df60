import type { Kind } from '../../../api/kinds';
import type { Rec } from '../../../api/records';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { isThere, sectionsOf } from '../declare/condition';
import { Value } from '../values/Value';
import { Sealed } from './Sealed';

// The values by section. What is there and not shown is said in words.
export function Sections({ kind, record, past }: { kind: Kind; record: Rec; past: boolean }) {
  const t = useT();
  const label = useLabel();
  const world = { state: record.state };
  return sectionsOf(kind).map((s, i) => {
    const fields = s.fields.filter((f) => isThere(f, record.values, world) || record.masked.includes(f.name) || record.sealed.includes(f.name));
    if (fields.length === 0) return null;
    const title = s.label ? label(s.label) : t('records.form.other');
    return (
      <section key={title} className="card below" aria-labelledby={`values-${i}`}>
        <h2 id={`values-${i}`}>{title}</h2>
        <dl className="facts">
          {fields.map((f) => (
            <div key={f.name} className="fact" data-value={f.name}>
              <dt>{label(f)}</dt>
              <dd>
                {record.masked.includes(f.name) ? (
                  <span className="muted">
                    <T id="records.value.masked" />
                  </span>
                ) : record.sealed.includes(f.name) ? (
                  <Sealed kind={kind} field={f} record={record} past={past} />
                ) : (
                  <Value kind={kind} field={f} value={record.values[f.name]} names={record.names} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    );
  });
}
