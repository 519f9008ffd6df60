// The form of any kind: sections with a rail that says what is wrong where, and every condition followed at once.
import { Alert, Button } from '@patternfly/react-core';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Kind } from '../../../api/kinds';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { check, topOf, type Wrong } from '../declare/check';
import { isThere, sectionsOf, type World } from '../declare/condition';
import type { Names } from '../values/text';
import { FieldRow, idOf } from './FieldRow';
import { useMessage } from './message';
import '../../../ui/fields/fields.css';
import './form.css';

type Props = {
  kind: Kind;
  values: Record<string, unknown>;
  names: Names;
  world: World;
  masked?: readonly string[];
  sealed?: readonly string[];
  refused: readonly Wrong[]; // what the server found
  onChange: (values: Record<string, unknown>) => void;
  onSave: () => void;
  onCancel: () => void;
  busy: boolean;
  save: string;
  children?: ReactNode;
};

const NOTHING: readonly string[] = [];

export function focusField(name: string) {
  const row = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(topOf(name))}"]`);
  const first = document.getElementById(idOf(topOf(name))) ?? row?.querySelector<HTMLElement>('input, select, textarea, button');
  row?.scrollIntoView({ block: 'center' });
  first?.focus({ preventScroll: true });
}

function Summary({ kind, wrong, at }: { kind: Kind; wrong: readonly Wrong[]; at: React.RefObject<HTMLDivElement | null> }) {
  const t = useT();
  const label = useLabel();
  const message = useMessage();
  const name = (w: Wrong) => label(kind.fields.find((f) => f.name === topOf(w.field))) || '';
  return (
    <div ref={at} tabIndex={-1} className="form-summary">
      <Alert variant="danger" isInline title={t('records.form.wrong', { n: wrong.length })}>
        <ul>
          {wrong.map((w) => (
            <li key={`${w.field} ${message(w.message)}`}>
              <button type="button" className="plain-link" onClick={() => focusField(w.field)}>
                {name(w)}
              </button>{' '}
              {message(w.message, w.field)}
            </li>
          ))}
        </ul>
      </Alert>
    </div>
  );
}

export function RecordForm({ kind, values, names, world, masked = NOTHING, sealed = NOTHING, refused, onChange, onSave, onCancel, busy, save, children }: Props) {
  const t = useT();
  const label = useLabel();
  const [tried, setTried] = useState(0);
  const summary = useRef<HTMLDivElement>(null);
  const own = useMemo(() => check(kind, values, world, [...masked, ...sealed]), [kind, values, world, masked, sealed]);
  const wrong = tried > 0 ? [...own, ...refused.filter((r) => !own.some((o) => o.field === r.field))] : refused;
  const sections = sectionsOf(kind)
    .map((s) => ({ ...s, fields: s.fields.filter((f) => isThere(f, values, world) && !f.computed) }))
    .filter((s) => s.fields.length > 0);
  const title = (s: (typeof sections)[number]) => (s.label ? label(s.label) : t('records.form.other'));
  const count = (s: (typeof sections)[number]) => wrong.filter((w) => s.fields.some((f) => f.name === topOf(w.field))).length;
  // What the server refused is shown like what the form found: at the top, with the focus.
  useEffect(() => {
    if (wrong.length) summary.current?.focus();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [tried, refused]);
  const stateOf = (name: string) => (masked.includes(name) ? 'masked' : sealed.includes(name) ? 'sealed' : 'open');
  return (
    <form
      className="record-form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        setTried(tried + 1);
        if (own.length === 0) onSave();
      }}
    >
      <nav className="rail" aria-label={t('records.form.sections')}>
        <ol>
          {sections.map((s, i) => (
            <li key={title(s)}>
              <button type="button" className="plain-link" onClick={() => document.getElementById(`section-${i}`)?.focus()}>
                {title(s)}
              </button>
              {count(s) > 0 && (
                <span className="wrong small">
                  {' '}
                  <T id="records.form.count" values={{ n: count(s) }} />
                </span>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <div className="scroll form-body" tabIndex={-1}>
        {wrong.length > 0 && <Summary kind={kind} wrong={wrong} at={summary} />}
        {children}
        {sections.map((s, i) => (
          <section key={title(s)} className="form-section" aria-labelledby={`section-${i}`}>
            <h2 id={`section-${i}`} tabIndex={-1}>
              {title(s)}
            </h2>
            {s.fields.map((f) => (
              <FieldRow
                key={f.name}
                kind={kind}
                field={f}
                value={values[f.name]}
                names={names}
                wrong={wrong.filter((w) => topOf(w.field) === f.name)}
                state={stateOf(f.name)}
                onChange={(v) => onChange({ ...values, [f.name]: v })}
              />
            ))}
          </section>
        ))}
      </div>
      <div className="form-acts">
        <Button type="submit" isDisabled={busy} isLoading={busy}>
          {save}
        </Button>
        <Button variant="link" onClick={onCancel}>
          <T id="ui.cancel" />
        </Button>
        <span className="muted small">
          <T id="records.form.kept" />
        </span>
      </div>
    </form>
  );
}
