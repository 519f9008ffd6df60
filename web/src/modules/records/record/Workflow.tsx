import { Alert, Button } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import type { Kind, Workflow as Flow } from '../../../api/kinds';
import { records, type Move, type Rec } from '../../../api/records';
import type { Label as Words } from '../../../api/types';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { ReasonDialog } from '../../../ui/ReasonDialog';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { INBOX, recordKey } from '../data';
import { refusedBy } from '../form/refused';
import { useMessage } from '../form/message';
import { topOf } from '../declare/check';

const SHORT = 9;

// Where one can come from and go to; in a long workflow only those are drawn.
function near(workflow: Flow, state: string | null): Flow['states'] {
  const around = new Set([state]);
  for (const x of workflow.transitions) {
    if (x.to === state) for (const from of x.from) around.add(from);
    if (state !== null && x.from.includes(state)) around.add(x.to);
  }
  return workflow.states.filter((s) => around.has(s.name));
}

function Steps({ workflow, state }: { workflow: Flow; state: string | null }) {
  const t = useT();
  const label = useLabel();
  const [whole, setWhole] = useState(false);
  const long = workflow.states.length > SHORT;
  const states = long && !whole ? near(workflow, state) : workflow.states;
  return (
    <>
      <ol className="steps" aria-label={t('records.flow.steps')}>
        {states.map((s) => (
          <li key={s.name} className={s.name === state ? 'step step-now' : 'step'} aria-current={s.name === state ? 'step' : undefined}>
            {label(s)}
            {s.name === state && (
              <span className="muted small">
                {' '}
                <T id={s.final ? 'records.flow.ended' : s.locked ? 'records.flow.locked' : 'records.flow.now'} />
              </span>
            )}
          </li>
        ))}
      </ol>
      {long && (
        <button type="button" className="plain-link small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          <T id="records.flow.states" values={{ shown: states.length, n: workflow.states.length }} />
        </button>
      )}
    </>
  );
}

function Missing({ missing, id }: { missing: readonly Words[]; id?: string }) {
  const label = useLabel();
  if (missing.length === 0) return null;
  return (
    <div id={id} className="missing small">
      <T id="records.flow.missing" />
      <ul>
        {missing.map((m) => (
          <li key={m.en}>{label(m)}</li>
        ))}
      </ul>
    </div>
  );
}

export function Refusal({ kind, error }: { kind: Kind; error: unknown }) {
  const t = useT();
  const label = useLabel();
  const message = useMessage();
  const errors = refusedBy(error);
  if (errors.length) {
    return (
      <Alert variant="danger" isInline title={t('records.form.wrong', { n: errors.length })}>
        <ul>
          {errors.map((w) => (
            <li key={w.field}>
              {label(kind.fields.find((f) => f.name === topOf(w.field)))} {message(w.message, w.field)}
            </li>
          ))}
        </ul>
      </Alert>
    );
  }
  const missing = isProblem(error, 409) ? (error.body as { missing?: Words[] }).missing : undefined;
  if (missing?.length) {
    return (
      <Alert variant="danger" isInline title={t('records.flow.refused')}>
        <Missing missing={missing} />
      </Alert>
    );
  }
  return <ProblemAlert error={error} />;
}

// Where the record stands, where it can go, and what it lacks to go there.
export function Workflow({ kind, workflow, record, etag }: { kind: Kind; workflow: Flow; record: Rec; etag: string }) {
  const t = useT();
  const label = useLabel();
  const missing = useMissing();
  const cache = useQueryClient();
  const [asking, setAsking] = useState<Move | null>(null);
  const named = (m: Move) => workflow.transitions.find((x) => x.name === m.name);
  const move = useMutation({
    mutationFn: ({ name, reason }: { name: string; reason?: string }) => missing(() => records.move(record.code, name, reason ? { reason } : {}, etag)),
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: recordKey(record.code) });
      void cache.invalidateQueries({ queryKey: INBOX });
    },
  });
  return (
    <section className="card below" aria-labelledby="flow-title">
      <h2 id="flow-title">
        <T id="records.flow.title" />
      </h2>
      <Steps workflow={workflow} state={record.state} />
      {move.error && <Refusal kind={kind} error={move.error} />}
      <ul className="plain-list moves">
        {record.transitions.map((m) => {
          const words = named(m);
          const id = `missing-${m.name}`;
          const can = m.allowed && m.missing.length === 0;
          return (
            <li key={m.name}>
              <Button
                variant="secondary"
                size="sm"
                isAriaDisabled={!can}
                isDisabled={move.isPending}
                aria-describedby={m.missing.length ? id : undefined}
                onClick={() => {
                  if (!can) return;
                  if (m.reason) setAsking(m);
                  else move.mutate({ name: m.name });
                }}
              >
                {words ? label(words) : m.name}
              </Button>
              {!m.allowed && m.missing.length === 0 && (
                <span className="muted small">
                  {' '}
                  <T id="records.flow.notYours" />
                </span>
              )}
              {can && m.step_up && (
                <span className="muted small">
                  {' '}
                  <T id="records.flow.fresh" />
                </span>
              )}
              <Missing missing={m.missing} id={id} />
            </li>
          );
        })}
      </ul>
      {asking && (
        <ReasonDialog
          title={label(named(asking))}
          act={t('records.flow.go')}
          onAct={(reason) => {
            setAsking(null);
            move.mutate({ name: asking.name, reason });
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}
