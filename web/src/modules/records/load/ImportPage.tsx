import { Alert, Button, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { kinds, type ImportAnswer } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { useActions } from '../../../app/actions';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code, useBytes } from '../../../ui/Words';
import { useKind } from '../data';
import { LineErrors } from './LineErrors';
import '../../../ui/fields/fields.css';
import './load.css';

const MOST = 64 * 1024 * 1024;
type Mode = 'dry' | 'all' | 'good';

// A refusal of the whole file may carry the same list as a dry run.
const answerOf = (error: unknown) => (isProblem(error, 422) && 'errors' in error.body ? (error.body as unknown as ImportAnswer) : null);

function Columns({ kind }: { kind: Kind }) {
  const label = useLabel();
  const fields = kind.fields.filter((f) => !f.retired && !f.computed && f.type !== 'rows');
  return (
    <details className="below">
      <summary>
        <T id="records.load.columns" values={{ n: fields.length }} />
      </summary>
      <table className="dt">
        <tbody>
          {fields.map((f) => (
            <tr key={f.name}>
              <th scope="row">
                <Code>{f.name}</Code>
              </th>
              <td>
                {label(f)} {f.required && <T id="records.form.required" />}
              </td>
              <td className="muted">
                <T id={`records.type.${f.type}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Import({ kind }: { kind: Kind }) {
  const t = useT();
  const label = useLabel();
  const bytes = useBytes();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [caseId, setCaseId] = useState(kind.cases[0]?.id ?? '');
  const [comma, setComma] = useState(false);
  const load = useMutation({
    mutationFn: (mode: Mode) => {
      const options = { ...(caseId ? { case: caseId } : {}), ...(comma ? { decimal: 'comma' } : {}), ...(mode === 'dry' ? { dry: '1' } : {}), ...(mode === 'good' ? { good_only: '1' } : {}) };
      return kinds.load(kind.kind, file!, options).then((answer) => ({ mode, answer }));
    },
    onSuccess: ({ mode }) => {
      if (mode !== 'dry') void cache.invalidateQueries({ queryKey: ['query', kind.kind] });
    },
  });
  const change = (act: () => void) => {
    act();
    load.reset();
  };
  useActions({ 'records.back': () => void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: {} }) });
  const refused = answerOf(load.error);
  const answer = load.data?.answer ?? refused;
  const done = load.data && load.data.mode !== 'dry' && (load.data.answer.added?.length ?? 0) > 0;
  const tooLarge = file !== null && file.size > MOST;
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.load.of" values={{ kind: label(kind.plural) }} />
        </h1>
        <Link to="/records/$kind" params={{ kind: kind.kind }} search={{}}>
          {label(kind.plural)}
        </Link>
      </div>
      <div className="pad load-form">
        <Columns kind={kind} />
        <div className="f-line">
          <div className="f-part">
            <label className="label" htmlFor="load-file">
              <T id="records.load.file" />
            </label>
            <input id="load-file" type="file" accept=".csv,text/csv" onChange={(e) => change(() => setFile(e.target.files?.[0] ?? null))} />
          </div>
          {kind.cases.length > 0 && (
            <div className="f-part">
              <label className="label" htmlFor="load-case">
                <T id="records.case" />
              </label>
              <FormSelect id="load-case" className="f-select" value={caseId} onChange={(_, v) => change(() => setCaseId(v))}>
                {kind.cases.map((c) => (
                  <FormSelectOption key={c.id} value={c.id} label={`${c.code} ${c.title}`} />
                ))}
              </FormSelect>
            </div>
          )}
          <label className="f-choice">
            <input type="checkbox" checked={comma} onChange={(e) => change(() => setComma(e.target.checked))} />
            <T id="records.load.comma" />
          </label>
        </div>
        {tooLarge && <Alert variant="danger" isInline isPlain title={t('records.load.tooLarge', { size: bytes(file.size), most: bytes(MOST) })} />}
        <p className="above f-line">
          <Button variant={answer ? 'secondary' : 'primary'} isDisabled={!file || tooLarge || load.isPending} isLoading={load.isPending && load.variables === 'dry'} onClick={() => load.mutate('dry')}>
            <T id="records.load.dry" />
          </Button>
          {answer && !done && answer.errors.length === 0 && answer.good > 0 && (
            <Button isDisabled={load.isPending} isLoading={load.isPending} onClick={() => load.mutate('all')}>
              <T id="records.load.all" values={{ n: answer.good }} />
            </Button>
          )}
          {answer && !done && answer.errors.length > 0 && answer.good > 0 && (
            <Button isDisabled={load.isPending} isLoading={load.isPending} onClick={() => load.mutate('good')}>
              <T id="records.load.good" values={{ n: answer.good }} />
            </Button>
          )}
        </p>
        {load.error && !refused && <ProblemAlert error={load.error} />}
        {answer && (
          <p role="status" className="above num">
            {done ? (
              <strong>
                <T id="records.load.added" values={{ n: load.data!.answer.added!.length }} />
              </strong>
            ) : (
              <T id="records.load.found" values={{ lines: answer.lines, good: answer.good, bad: answer.lines - answer.good }} />
            )}
          </p>
        )}
      </div>
      {answer && answer.errors.length > 0 && <LineErrors kind={kind} errors={answer.errors} />}
    </div>
  );
}

export default function ImportPage() {
  const { kind } = useParams({ strict: false }) as { kind: string };
  return <Loaded query={useKind(kind)}>{(k) => <Import key={kind} kind={k} />}</Loaded>;
}
