import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { kinds } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { toSend } from '../declare/check';
import { INBOX, useKind } from '../data';
import { draftOfNew, useDraft, type Draft } from './drafts';
import { DraftNote } from './DraftNote';
import { RecordForm } from './RecordForm';
import { refusedBy } from './refused';

export const CLASSES = ['PUBLIC', 'INTERNAL', 'CONFIDENTIAL', 'SECRET'] as const;

function Place({ kind, draft, onChange }: { kind: Kind; draft: Draft; onChange: (draft: Draft) => void }) {
  const t = useT();
  return (
    <div className="f-line form-place">
      {kind.cases.length > 0 && (
        <div className="f-part">
          <label className="label" htmlFor="record-case">
            <T id="records.case" />
          </label>
          <FormSelect id="record-case" className="f-select" value={draft.case} onChange={(_, v) => onChange({ ...draft, case: v })}>
            {kind.cases.map((c) => (
              <FormSelectOption key={c.id} value={c.id} label={`${c.code} ${c.title}`} />
            ))}
          </FormSelect>
        </div>
      )}
      <div className="f-part">
        <label className="label" htmlFor="record-class">
          <T id="records.class" />
        </label>
        <FormSelect id="record-class" className="f-select" value={draft.class} onChange={(_, v) => onChange({ ...draft, class: v })}>
          {CLASSES.map((c) => (
            <FormSelectOption key={c} value={c} label={t(`records.class.${c}`)} />
          ))}
        </FormSelect>
      </div>
    </div>
  );
}

function NewRecord({ kind }: { kind: Kind }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { draft: kept, keep, drop } = useDraft(draftOfNew(kind.kind));
  const [restored, setRestored] = useState(kept !== null);
  const draft: Draft = kept ?? { values: {}, etag: '', base: {}, case: kind.cases[0]?.id, class: 'INTERNAL' };
  // What is sent again unchanged is the same creation; what was changed is another.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const key = useMemo(kinds.key, [draft.values, draft.case, draft.class]);
  const world = useMemo(() => ({ state: kind.workflow?.start ?? null }), [kind]);
  const add = useMutation({
    mutationFn: () =>
      kinds.add(kind.kind, { ...(draft.case ? { case: draft.case } : {}), ...(draft.class ? { class: draft.class } : {}), values: toSend(kind, draft.values, world) }, key),
    onSuccess: ({ code }) => {
      drop();
      void cache.invalidateQueries({ queryKey: ['rows'] });
      void cache.invalidateQueries({ queryKey: ['query', kind.kind] });
      void cache.invalidateQueries({ queryKey: INBOX });
      void navigate({ to: '/record/$code', params: { code } });
    },
  });
  const refused = useMemo(() => refusedBy(add.error), [add.error]);
  const leave = () => void navigate({ to: '/records/$kind', params: { kind: kind.kind } });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.form.newOf" values={{ kind: label(kind.label) }} />
        </h1>
      </div>
      {add.error && refused.length === 0 && <ProblemAlert error={add.error} />}
      <RecordForm
        kind={kind}
        values={draft.values}
        names={{}}
        world={world}
        refused={refused}
        onChange={(values) => keep({ ...draft, values })}
        onSave={() => add.mutate()}
        onCancel={() => {
          drop();
          leave();
        }}
        busy={add.isPending}
        save={t('records.form.add')}
      >
        {restored && <DraftNote onDrop={() => (drop(), setRestored(false))} />}
        <Place kind={kind} draft={draft} onChange={keep} />
      </RecordForm>
    </div>
  );
}

export default function NewPage() {
  const { kind } = useParams({ strict: false }) as { kind: string };
  return <Loaded query={useKind(kind)}>{(k) => <NewRecord key={kind} kind={k} />}</Loaded>;
}
