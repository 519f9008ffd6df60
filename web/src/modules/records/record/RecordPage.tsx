import { Alert, Button } from '@patternfly/react-core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isProblem } from '../../../api/client';
import type { Rec } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { useActions } from '../../../app/actions';
import { Loaded } from '../../../app/problem';
import { T, useT, useWord } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code, Moment } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { useKind, useRecord, useStateName } from '../data';
import { useDraft } from '../form/drafts';
import { Forecast } from '../displays/Forecast';
import { PlanGantt, planOf } from '../displays/PlanGantt';
import { Comments } from './Comments';
import { History } from './History';
import { Links } from './Links';
import { Readers } from './Readers';
import { RecordLabel } from './RecordLabel';
import { Sections } from './Sections';
import { Tasks } from './Tasks';
import { Workflow } from './Workflow';
import './record.css';

const CostForecast = lazy(() => import('../displays/CostForecast'));
const Hypotheses = lazy(() => import('../displays/Hypotheses'));
const DocumentDialog = lazy(() => import('../documents/DocumentDialog'));

const PROVED = new Set(['suspect_case', 'count']); // have a matrix of what proves them

function Documents({ record }: { record: Rec }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="secondary" size="sm" onClick={() => setOpen(true)}>
        <T id="records.documents.title" />
      </Button>
      {open && (
        <Suspense>
          <DocumentDialog record={record} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

// "As it was on": the end of the day that is chosen.
function AsOf({ asOf, onAsOf }: { asOf: string | undefined; onAsOf: (at: string | undefined) => void }) {
  const [day, setDay] = useState(asOf?.slice(0, 10) ?? '');
  return (
    <form
      className="f-line"
      onSubmit={(e) => {
        e.preventDefault();
        onAsOf(day ? `${day}T23:59:59Z` : undefined);
      }}
    >
      <label htmlFor="as-of" className="label">
        <T id="records.asOf.label" />
      </label>
      <input type="date" id="as-of" className="f-in f-time num" value={day} max={new Date().toISOString().slice(0, 10)} onChange={(e) => setDay(e.target.value)} />
      <Button type="submit" variant="secondary" size="sm" isDisabled={!day}>
        <T id="records.asOf.show" />
      </Button>
    </form>
  );
}

function Head({ kind, record, etag, asOf, onAsOf }: { kind: Kind; record: Rec; etag: string; asOf: string | undefined; onAsOf: (at: string | undefined) => void }) {
  const label = useLabel();
  const word = useWord();
  const stateName = useStateName(kind);
  const navigate = useNavigate();
  const { draft } = useDraft(record.code);
  const mayEdit = !asOf && record.may.includes('change') && !record.locked;
  const edit = () => void navigate({ to: '/record/$code/edit', params: { code: record.code } });
  useActions({
    'records.edit': mayEdit ? edit : undefined,
    'records.back': () => void navigate({ to: '/records/$kind', params: { kind: record.kind }, search: {} }),
  });
  return (
    <>
      <div className="pane-h">
        <Link to="/records/$kind" params={{ kind: record.kind }} search={{}}>
          {label(kind.plural)}
        </Link>
        <h1 className="wrap">
          <bdi>{visible(record.title)}</bdi>
        </h1>
        <Code>{record.code}</Code>
        {record.state && <span className="tag">{stateName(record.state)}</span>}
        {asOf ? <span className="tag">{word('records.class', record.class)}</span> : <RecordLabel record={record} etag={etag} />}
        {record.case && (
          <Link to="/cases/$case" params={{ case: record.case.id }}>
            <Code>{record.case.code}</Code>
          </Link>
        )}
        <span className="grow" />
        {!asOf && (PROVED.has(record.kind) || (record.kind === 'review' && record.state !== 'planned')) && (
          <Link to="/proof/$code" params={{ code: record.code }}>
            <T id="records.page.proof" />
          </Link>
        )}
        {mayEdit && (
          <Button size="sm" onClick={edit}>
            <T id={draft ? 'records.form.goOn' : 'records.page.edit'} />
          </Button>
        )}
        {!asOf && <Documents record={record} />}
      </div>
      <div className="pane-h record-line small">
        <span className="muted">
          <T id="records.page.made" values={{ at: <Moment at={record.made} />, who: <bdi>{record.author.name}</bdi> }} />
        </span>
        <span className="muted">
          <T id="records.page.changed" values={{ at: <Moment at={record.changed} />, who: <bdi>{record.changed_by.name}</bdi>, n: record.version }} />
        </span>
        <span className="grow" />
        <AsOf key={asOf} asOf={asOf} onAsOf={onAsOf} />
      </div>
    </>
  );
}

function Page({ kind, record, etag, asOf }: { kind: Kind; record: Rec; etag: string; asOf: string | undefined }) {
  const t = useT();
  const navigate = useNavigate();
  const plan = planOf(kind);
  const onAsOf = (at: string | undefined) => void navigate({ to: '/record/$code', params: { code: record.code }, search: (at ? { as: at } : {}) as never });
  return (
    <div className="pane fill">
      <Head kind={kind} record={record} etag={etag} asOf={asOf} onAsOf={onAsOf} />
      {asOf && (
        <Alert
          variant="info"
          isInline
          title={<T id="records.asOf.banner" values={{ at: <Moment at={asOf} /> }} />}
          actionLinks={
            <Button variant="link" isInline onClick={() => onAsOf(undefined)}>
              <T id="records.asOf.now" />
            </Button>
          }
        />
      )}
      <div className="record">
        <div className="scroll pad" tabIndex={0} role="region" aria-label={t('records.page.values')}>
          {plan && <PlanGantt kind={kind} plan={plan} record={record} />}
          {kind.kind === 'budget' && asOf === undefined && (
            <Suspense fallback={null}>
              <CostForecast record={record} />
            </Suspense>
          )}
          {kind.kind === 'ach' && asOf === undefined && (
            <Suspense fallback={null}>
              <Hypotheses record={record} />
            </Suspense>
          )}
          {plan && kind.kind === 'plan' && asOf === undefined && <Forecast code={record.code} version={record.version} />}
          <Sections kind={kind} record={record} past={asOf !== undefined} />
          <History kind={kind} record={record} onAsOf={onAsOf} />
          {!asOf && <Readers kind={kind} code={record.code} />}
        </div>
        {!asOf && (
          <aside className="scroll pad record-side" tabIndex={0} aria-label={t('records.page.side')}>
            {kind.workflow && <Workflow kind={kind} workflow={kind.workflow} record={record} etag={etag} />}
            <Tasks tasks={record.tasks} />
            <Links kind={kind} record={record} />
            <Comments record={record} />
          </aside>
        )}
      </div>
    </div>
  );
}

// The day lies before the record was made.
function NotYet({ code, at }: { code: string; at: string }) {
  return (
    <div className="pad">
      <h1>
        <T id="records.asOf.none" values={{ at: <Moment at={at} /> }} />
      </h1>
      <Link to="/record/$code" params={{ code }} search={{}}>
        <T id="records.asOf.now" />
      </Link>
    </div>
  );
}

export default function RecordPage() {
  const { code } = useParams({ strict: false }) as { code: string };
  const { as } = useSearch({ strict: false }) as { as?: string };
  const query = useRecord(code, as);
  const kind = useKind(query.data?.data.kind);
  if (as && isProblem(query.error, 404)) return <NotYet code={code} at={as} />;
  return <Loaded query={query}>{({ data, etag }) => <Loaded query={kind}>{(k) => <Page kind={k} record={data} etag={etag} asOf={as} />}</Loaded>}</Loaded>;
}
