import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { isProblem } from '../../../api/client';
import { records, type Rec } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Code } from '../../../ui/Words';
import { toSend } from '../declare/check';
import { recordKey, useKind } from '../data';
import { Conflict } from './Conflict';
import { DraftNote } from './DraftNote';
import { useDraft, type Draft } from './drafts';
import { RecordForm } from './RecordForm';
import { refusedBy } from './refused';
import { equal } from './merge';

type Tagged = { data: Rec; etag: string };

function EditRecord({ kind, opened }: { kind: Kind; opened: Tagged }) {
  const t = useT();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { code } = opened.data;
  const { draft: kept, keep, drop } = useDraft(code);
  const [restored, setRestored] = useState(kept !== null);
  const [theirs, setTheirs] = useState<Tagged | null>(null);
  const fresh: Draft = { values: opened.data.values, base: opened.data.values, etag: opened.etag };
  const draft = kept ?? fresh;
  const record = theirs?.data ?? opened.data;
  const world = useMemo(() => ({ state: record.state }), [record.state]);
  const names = { ...opened.data.names, ...theirs?.data.names };
  const toRecord = () => void navigate({ to: '/record/$code', params: { code }, search: {} });
  const save = useMutation({
    mutationFn: ({ values, etag }: { values: Record<string, unknown>; etag: string }) => records.change(code, toSend(kind, values, world), etag),
    onSuccess: () => {
      drop();
      void cache.invalidateQueries({ queryKey: recordKey(code) });
      void cache.invalidateQueries({ queryKey: ['rows'] });
      toRecord();
    },
    onError: (e) => {
      // Asked anew: what stands there now, and by which mark it is changed.
      if (isProblem(e, 412)) void records.one(code, undefined).then(setTheirs, () => undefined);
    },
  });
  const refused = useMemo(() => refusedBy(save.error), [save.error]);
  const head = (
    <div className="pane-h">
      <h1>
        <T id="records.form.editOf" values={{ what: <bdi>{opened.data.title}</bdi> }} />
      </h1>
      <Code>{code}</Code>
    </div>
  );
  if (theirs) {
    return (
      <div className="pane fill">
        {head}
        {save.error && !isProblem(save.error, 412) && refused.length === 0 && <ProblemAlert error={save.error} />}
        <Conflict
          kind={kind}
          base={draft.base as Record<string, unknown>}
          mine={draft.values}
          theirs={theirs.data.values}
          who={theirs.data.changed_by.name}
          names={names}
          busy={save.isPending}
          onChoose={(values) => {
            keep({ values, base: theirs.data.values, etag: theirs.etag });
            setTheirs(null);
            save.mutate({ values, etag: theirs.etag });
          }}
          onBack={() => {
            setTheirs(null);
            save.reset();
          }}
        />
      </div>
    );
  }
  return (
    <div className="pane fill">
      {head}
      {save.error && refused.length === 0 && !isProblem(save.error, 412) && <ProblemAlert error={save.error} />}
      <RecordForm
        kind={kind}
        values={draft.values}
        names={names}
        world={world}
        masked={opened.data.masked}
        sealed={opened.data.sealed}
        refused={refused}
        onChange={(values) => (equal(values, draft.base) ? drop() : keep({ ...draft, values }))}
        onSave={() => save.mutate({ values: draft.values, etag: draft.etag })}
        onCancel={() => {
          drop();
          toRecord();
        }}
        busy={save.isPending}
        save={t('records.form.save')}
      >
        {restored && kept && <DraftNote onDrop={() => (drop(), setRestored(false))} />}
      </RecordForm>
    </div>
  );
}

function OfRecord({ opened }: { opened: Tagged }) {
  const [first] = useState(opened); // what was opened stays the base, whatever comes meanwhile
  const kind = useKind(first.data.kind);
  if (!first.data.may.includes('change') || first.data.locked) {
    return (
      <div className="pad">
        <h1>
          <T id="records.form.locked" />
        </h1>
        <Link to="/record/$code" params={{ code: first.data.code }} search={{}}>
          <Code>{first.data.code}</Code> <bdi>{first.data.title}</bdi>
        </Link>
      </div>
    );
  }
  return <Loaded query={kind}>{(k) => <EditRecord kind={k} opened={first} />}</Loaded>;
}

export default function EditPage() {
  const { code } = useParams({ strict: false }) as { code: string };
  // Read anew each time: what is edited must be what stands there now.
  const fresh = useQuery({ queryKey: [...recordKey(code), 'edit'], queryFn: ({ signal }) => records.one(code, undefined, signal), staleTime: Infinity, gcTime: 0 });
  return <Loaded query={fresh}>{(opened) => <OfRecord key={code} opened={opened} />}</Loaded>;
}
