// Somebody else saved meanwhile: both versions field by field, and the person chooses. What only one of the two changed
// is chosen already; nothing is lost either way.
import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { Field, Kind } from '../../../api/kinds';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { isFilled } from '../declare/condition';
import { useValueText, type Names } from '../values/text';
import { equal, mergeable, type Side } from './merge';

type Values = Record<string, unknown>;
type Props = { kind: Kind; base: Values; mine: Values; theirs: Values; who: string; names: Names; busy: boolean; onChoose: (merged: Values) => void; onBack: () => void };

export function Conflict({ kind, base, mine, theirs, who, names, busy, onChoose, onBack }: Props) {
  const t = useT();
  const label = useLabel();
  const text = useValueText(kind, names);
  const fields = kind.fields.filter((f) => !f.retired && !equal(mine[f.name], theirs[f.name]));
  const [side, setSide] = useState<Record<string, Side>>(() => Object.fromEntries(fields.map((f) => [f.name, mergeable(base[f.name], mine[f.name], theirs[f.name])])));
  const choice = (f: Field, s: Side, value: unknown) => (
    <td className="wrap">
      <label>
        <input type="radio" name={`side-${f.name}`} checked={side[f.name] === s} onChange={() => setSide({ ...side, [f.name]: s })} />
        <span dir="auto">{isFilled(value) ? text(f, value) : t('records.value.none')}</span>
      </label>
    </td>
  );
  const merged = () => {
    const out: Values = { ...mine };
    for (const f of fields) out[f.name] = side[f.name] === 'theirs' ? theirs[f.name] : mine[f.name];
    return out;
  };
  return (
    <div className="scroll pad conflict" tabIndex={0} role="region" aria-label={t('records.conflict.title')}>
      <Alert variant="warning" isInline title={t('records.conflict.title')} className="below">
        <T id="records.conflict.body" values={{ who }} />
      </Alert>
      <table className="dt">
        <thead>
          <tr>
            <th scope="col">
              <T id="records.conflict.field" />
            </th>
            <th scope="col">
              <T id="records.conflict.base" />
            </th>
            <th scope="col">
              <T id="records.conflict.mine" />
            </th>
            <th scope="col">
              <T id="records.conflict.theirs" />
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((f) => (
            <tr key={f.name}>
              <th scope="row">{label(f)}</th>
              <td className="wrap muted" dir="auto">
                {text(f, base[f.name]) || t('records.value.none')}
              </td>
              {choice(f, 'mine', mine[f.name])}
              {choice(f, 'theirs', theirs[f.name])}
            </tr>
          ))}
        </tbody>
      </table>
      {fields.length === 0 && (
        <p className="below">
          <T id="records.conflict.same" />
        </p>
      )}
      <p className="above conflict-acts">
        <Button isDisabled={busy} isLoading={busy} onClick={() => onChoose(merged())}>
          <T id="records.conflict.save" />
        </Button>
        <Button variant="link" onClick={onBack}>
          <T id="records.conflict.back" />
        </Button>
      </p>
    </div>
  );
}
