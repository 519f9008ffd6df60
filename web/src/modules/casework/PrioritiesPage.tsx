// The ranking of prioritisations: the order by the office's weights, and how much of it is the weights'.
import { Alert, Button, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import { priorities, type Priorities, type Ranked } from '../../api/priorities';
import { kinds } from '../../api/records';
import { Loaded, ProblemAlert } from '../../app/problem';
import { DateWords } from '../../ui/DateWords';
import { Figures } from '../../ui/Figures';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { save } from '../../ui/save';
import { visible } from '../../ui/text';
import { Code } from '../../ui/Words';
import './priorities.css';

const FORMATS = ['xlsx', 'docx', 'pdf'] as const;

function usePercent() {
  const intl = useIntl();
  return (share: number, digits = 0) => intl.formatNumber(share, { style: 'percent', maximumFractionDigits: digits });
}
function useCriterion(all: Priorities['criteria']) {
  const label = useLabel();
  return (code: string) => label(all.find((c) => c.code === code)?.label) || code;
}
const nameOf = (r: { code: string; title: string }) => (
  <Link to="/record/$code" params={{ code: r.code }} search={{}}>
    <bdi>{visible(r.title)}</bdi>
  </Link>
);

// One bar a case, cut by the ranks it has: its own full, better ones before it, worse ones behind it. The table below says
// the same.
function Shares({ ranked }: { ranked: Ranked[] }) {
  const t = useT();
  const percent = usePercent();
  return (
    <section className="card below" aria-label={t('casework.priority.shares')}>
      <h2>{t('casework.priority.shares')}</h2>
      <p className="muted small">{t('casework.priority.sharesTold')}</p>
      <ul className="prio-bars">
        {ranked.map((r, rank) => (
          <li key={r.code}>
            <span className="prio-name">
              <bdi>{visible(r.title)}</bdi>
            </span>
            <span className="prio-bar" aria-hidden="true">
              {r.near.map((share, i) => share > 0 && <span key={i} className={i === rank ? 'own' : i < rank ? 'better' : 'worse'} style={{ inlineSize: `${share * 100}%` }} />)}
            </span>
            <span className="num">
              {percent(r.near[rank] ?? 0)}
              <span className="sr"> {t('casework.priority.held', { rank: rank + 1 })}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function All({ p }: { p: Priorities }) {
  const t = useT();
  const intl = useIntl();
  const percent = usePercent();
  const criterion = useCriterion(p.criteria);
  const label = useLabel();
  const number = (n: number, digits = 2) => intl.formatNumber(n, { maximumFractionDigits: digits });
  const turn = (r: Ranked, rank: number) => {
    if (rank + 1 >= p.ranked.length) return '';
    if (!r.turn) return t('casework.priority.noTurn');
    return t('casework.priority.turn', { criterion: criterion(r.turn.criterion), from: percent(r.turn.weight, 1), to: percent(r.turn.to, 1) });
  };
  return (
    <>
      <p role="status">
        <T id="casework.priority.told" values={{ n: p.ranked.length, version: p.version, draws: intl.formatNumber(p.draws) }} /> {p.more && t('casework.priority.more')}
      </p>
      {p.ranked.length > 0 && (
        <>
          <Figures
            title="casework.priority.ranking"
            columns={['casework.priority.case', 'casework.priority.score', 'casework.priority.holds', 'casework.priority.any', 'casework.priority.range', 'casework.priority.target', 'casework.priority.swap']}
            rows={p.ranked.map((r, rank) => ({
              key: r.code,
              head: (
                <>
                  {rank + 1}. {nameOf(r)}
                </>
              ),
              cells: [
                number(r.score),
                percent(r.near[rank] ?? 0),
                percent(r.even[rank] ?? 0),
                r.best === r.worst ? String(r.best) : t('casework.priority.fromTo', { best: r.best, worst: r.worst }),
                r.target !== null && (
                  <span key="target" className={r.late ? 'danger' : undefined}>
                    <DateWords of={r.target} /> {r.late && t('casework.priority.late')}
                  </span>
                ),
                turn(r, rank),
              ],
            }))}
          />
          <Shares ranked={p.ranked} />
          <div className="below">
            <table className="dt">
              <caption>
                <T id="casework.priority.scores" />
              </caption>
              <thead>
                <tr>
                  <th scope="col">
                    <T id="casework.priority.case" />
                  </th>
                  {p.criteria.map((c) => (
                    <th key={c.code} scope="col" className="end">
                      {label(c.label)} <span className="muted num">{percent(c.weight)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {p.ranked.map((r) => (
                  <tr key={r.code}>
                    <th scope="row">
                      <bdi>{visible(r.title)}</bdi>
                    </th>
                    {r.under.map((u) => (
                      <td key={u.code} className="end num">
                        {number(u.mean, 1)}
                        <span className={u.disputed ? 'danger small' : 'muted small'}>
                          {' '}
                          {u.assessors > 1 ? t(u.disputed ? 'casework.priority.disputed' : 'casework.priority.assessors', { n: u.assessors, low: u.low, high: u.high, spread: number(u.spread, 1) }) : ''}
                        </span>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {p.incomplete.length > 0 && (
        <section className="card below" aria-labelledby="prio-incomplete">
          <h2 id="prio-incomplete">
            <T id="casework.priority.incomplete" />
          </h2>
          <ul>
            {p.incomplete.map((i) => (
              <li key={i.code}>
                <Code>{i.code}</Code> {nameOf(i)} <span className="muted">{t('casework.priority.missing', { what: i.missing.map(criterion).join('; ') })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="card below" aria-labelledby="prio-criteria">
        <h2 id="prio-criteria">
          <T id="casework.priority.criteria" />
        </h2>
        <dl className="prio-criteria">
          {p.criteria.map((c) => (
            <div key={c.code}>
              <dt>
                {label(c.label)} <span className="num">{percent(c.weight)}</span>
              </dt>
              <dd className="muted">{c.note && label(c.note)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Alert isInline isPlain variant="info" className="below" title={t('casework.priority.judge')} />
    </>
  );
}

export default function PrioritiesPage() {
  const t = useT();
  const navigate = useNavigate();
  const { case: inCase = '' } = useSearch({ strict: false }) as { case?: string };
  const kind = useQuery({ queryKey: ['kind', 'priority'], queryFn: ({ signal }) => kinds.one('priority', signal), staleTime: 300_000 });
  const found = useQuery({ queryKey: ['priorities', inCase], queryFn: ({ signal }) => priorities.of(inCase, signal), staleTime: 10_000, placeholderData: keepPreviousData });
  const file = useMutation({ mutationFn: (format: string) => priorities.chart(inCase, format), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <Link to="/records/$kind" params={{ kind: 'priority' }} search={{}}>
          <T id="casework.priority.list" />
        </Link>
        <h1>
          <T id="casework.priority.title" />
        </h1>
        <FormSelect className="f-select" aria-label={t('casework.priority.inCase')} value={inCase} onChange={(_, v) => void navigate({ to: '/priorities', search: { case: v || undefined } as never, replace: true })}>
          <FormSelectOption value="" label={t('casework.priority.all')} />
          {kind.data?.cases.map((c) => (
            <FormSelectOption key={c.id} value={c.id} label={visible(`${c.code} ${c.title}`)} />
          ))}
        </FormSelect>
        <span className="grow" />
        {FORMATS.map((f) => (
          <Button key={f} variant="secondary" size="sm" isDisabled={file.isPending} onClick={() => file.mutate(f)}>
            {f.toUpperCase()}
          </Button>
        ))}
      </div>
      {file.error && <ProblemAlert error={file.error} />}
      <section className="scroll pad" tabIndex={0} aria-label={t('casework.priority.title')}>
        <Loaded query={found}>{(p) => <All p={p} />}</Loaded>
      </section>
    </div>
  );
}
