import { Alert, Button, TextInput } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { vocabularies, type Vocabulary } from '../../../api/records';
import { useActions } from '../../../app/actions';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code } from '../../../ui/Words';
import { refusedBy } from '../form/refused';
import { useMessage } from '../form/message';
import { useVocabulary, VOCABULARIES } from '../data';
import { CodeTable } from './CodeTable';
import { draftOf, toSend, withTheirs, wrongOf, type Draft } from './edit';
import { Versions } from './Versions';
import '../../../ui/fields/fields.css';
import './vocabulary.css';

type Tagged = { data: Vocabulary; etag: string };

function Refusal({ error }: { error: unknown }) {
  const t = useT();
  const message = useMessage();
  const used = isProblem(error, 409) ? (error.body as { used?: string[] }).used : undefined;
  if (used?.length) return <Alert variant="danger" isInline title={t('records.vocabulary.used', { codes: used.join(', ') })} />;
  const errors = refusedBy(error);
  if (errors.length) {
    return (
      <Alert variant="danger" isInline title={t('records.form.wrong', { n: errors.length })}>
        <ul>
          {errors.map((e) => (
            <li key={e.field}>
              <Code>{e.field}</Code> {message(e.message)}
            </li>
          ))}
        </ul>
      </Alert>
    );
  }
  return <ProblemAlert error={error} />;
}

function Page({ opened, editable }: { opened: Tagged; editable: boolean }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const [base, setBase] = useState(opened);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [theirs, setTheirs] = useState<Tagged | null>(null);
  const shown = draft ? base.data : opened.data;
  const lines = (draft ?? draftOf(shown)).lines;
  const save = useMutation({
    mutationFn: (etag: string) => vocabularies.change(toSend(base.data, draft!), etag),
    onSuccess: () => {
      setDraft(null);
      void cache.invalidateQueries({ queryKey: VOCABULARIES });
      void cache.invalidateQueries({ queryKey: ['kind'] });
    },
    onError: (e) => {
      if (isProblem(e, 412)) void vocabularies.one(base.data.vocabulary).then(setTheirs, () => undefined);
    },
  });
  const edit = () => {
    setBase(opened);
    setDraft(draftOf(opened.data));
    save.reset();
  };
  useActions({ 'records.edit': editable && !draft ? edit : undefined });
  const wrong = draft ? draft.lines.filter((l) => wrongOf(l, draft.lines) !== null).length : 0;
  return (
    <div className="pane fill">
      <div className="pane-h">
        <Link to="/vocabularies">
          <T id="records.vocabulary.list" />
        </Link>
        <h1>{label(shown.label)}</h1>
        <Code>{shown.vocabulary}</Code>
        <span className="muted num">
          <T id="records.vocabulary.of" values={{ version: shown.version, n: shown.codes.length }} />
        </span>
        <span className="grow" />
        {!draft && editable && (
          <Button size="sm" onClick={edit}>
            <T id="records.page.edit" />
          </Button>
        )}
        {draft && (
          <>
            <Button size="sm" isDisabled={wrong > 0 || save.isPending} onClick={() => save.mutate(base.etag)}>
              <T id="records.form.save" />
            </Button>
            <Button variant="link" size="sm" onClick={() => setDraft(null)}>
              <T id="ui.cancel" />
            </Button>
          </>
        )}
      </div>
      <div className="scroll pad" tabIndex={0} role="region" aria-label={t('records.vocabulary.codes')}>
        {draft && theirs && (
          <Alert
            variant="warning"
            isInline
            className="below"
            title={t('records.conflict.title')}
            actionLinks={
              <>
                <Button
                  variant="link"
                  isInline
                  onClick={() => {
                    setDraft(withTheirs(draft, base.data, theirs.data));
                    setBase(theirs);
                    setTheirs(null);
                    save.reset();
                  }}
                >
                  <T id="records.vocabulary.merge" />
                </Button>
                <Button
                  variant="link"
                  isInline
                  onClick={() => {
                    setDraft(draftOf(theirs.data));
                    setBase(theirs);
                    setTheirs(null);
                    save.reset();
                  }}
                >
                  <T id="records.vocabulary.takeTheirs" />
                </Button>
              </>
            }
          >
            <T id="records.vocabulary.conflict" values={{ version: theirs.data.version }} />
          </Alert>
        )}
        {save.error && !isProblem(save.error, 412) && <Refusal error={save.error} />}
        {draft ? (
          <div className="f-part below">
            <label className="label" htmlFor="vocabulary-source">
              <T id="records.vocabulary.source" />
            </label>
            <TextInput id="vocabulary-source" value={draft.source} onChange={(_, source) => setDraft({ ...draft, source })} autoComplete="off" />
          </div>
        ) : (
          <p className="muted below">{shown.source}</p>
        )}
        <CodeTable lines={lines} editing={draft !== null} onChange={(next) => setDraft({ ...draft!, lines: next })} />
        <Versions name={shown.vocabulary} version={shown.version} />
      </div>
    </div>
  );
}

export default function VocabularyPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const list = useQuery({ queryKey: VOCABULARIES, queryFn: ({ signal }) => vocabularies.all(signal), staleTime: 60_000 });
  const editable = list.data?.vocabularies.find((v) => v.name === name)?.editable ?? false;
  return <Loaded query={useVocabulary(name)}>{(opened) => <Page key={name} opened={opened} editable={opened.data.editable ?? editable} />}</Loaded>;
}
