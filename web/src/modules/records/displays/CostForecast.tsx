// What a budget forecast comes to: drawn by month, told by year, cohort, case and payer, what drives it, how full places
// are, and what would change it. Worked out by the server.
import { Button, Checkbox, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { costs, type Costs, type Rec } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { DateWords } from '../../../ui/DateWords';
import { Figures } from '../../../ui/Figures';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { useVocabulary } from '../data';
import './costs.css';

const TIMES = [0.5, 1, 1.5, 2, 3];

const columns = (...names: string[]) => names.map((n) => `records.costs.${n}`);

const WIDE = 600;
const HIGH = 140;

// The middle as a line, what lies up to P80 and P95 as bands.
function Drawing({ months, label }: { months: Costs['months']; label: string }) {
  const most = Math.max(1, ...months.map((m) => m.p95));
  const x = (i: number) => (months.length > 1 ? (i / (months.length - 1)) * WIDE : WIDE / 2);
  const y = (v: number) => HIGH - (v / most) * HIGH;
  const line = (of: 'p50' | 'p80' | 'p95') => months.map((m, i) => `${x(i).toFixed(1)},${y(m[of]).toFixed(1)}`);
  const under = (of: 'p80' | 'p95') => `0,${HIGH} ${line(of).join(' ')} ${WIDE},${HIGH}`;
  return (
    <svg className="costs-drawing" viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polygon className="costs-p95" points={under('p95')} />
      <polygon className="costs-p80" points={under('p80')} />
      <polyline className="costs-p50" points={line('p50').join(' ')} />
    </svg>
  );
}

function useMoney() {
  const intl = useIntl();
  return (n: number) => intl.formatNumber(n, { maximumFractionDigits: 0 });
}

function Months({ c }: { c: Costs }) {
  const t = useT();
  const money = useMoney();
  const [asTable, setAsTable] = useState(false);
  return (
    <>
      <Drawing months={c.months} label={t('records.costs.drawing')} />
      <div className="costs-ends num muted" aria-hidden="true">
        <span>{c.months[0]?.month}</span>
        <span>{c.months.at(-1)?.month}</span>
      </div>
      <p className="muted small">
        <T id="records.costs.drawing" />{' '}
        <Button variant="link" isInline aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
          <T id="records.costs.list" />
        </Button>
      </p>
      {asTable && (
        <Figures
          title="records.costs.drawing"
          columns={columns('month', 'p50', 'p80', 'p95')}
          rows={c.months.map((m) => ({ key: m.month, head: <DateWords of={m.month} />, cells: [money(m.p50), money(m.p80), money(m.p95)] }))}
        />
      )}
    </>
  );
}

function Tables({ c }: { c: Costs }) {
  const t = useT();
  const intl = useIntl();
  const label = useLabel();
  const money = useMoney();
  const payers = useVocabulary('payer');
  const share = (x: number) => intl.formatNumber(x, { style: 'percent', maximumFractionDigits: 0 });
  const number = (x: number) => intl.formatNumber(x, { maximumFractionDigits: 2 });
  const payer = (code: string) => label(payers.data?.data.codes.find((k) => k.code === code)) || code;
  const lines = (of: Costs['cohorts'], name: (n: string) => ReactNode) =>
    of.map((l) => ({
      key: l.name,
      head: l.name === '' ? <T id="records.costs.merged" /> : name(l.name),
      cells: [money(l.cost.mean), money(l.cost.p50), money(l.cost.p80), money(l.cost.p95)],
    }));
  const line = columns('line', 'mean', 'p50', 'p80', 'p95');
  const driver = (d: Costs['drivers'][number]) => t(`records.costs.of.${d.of}`, { name: visible(d.name) });
  return (
    <>
      <Figures
        title="records.costs.years"
        columns={columns('year', 'mean', 'p50', 'p80', 'p95', 'spent', 'place', 'score')}
        rows={c.years.map((y) => ({
          key: String(y.year),
          head: (
            <>
              {y.year} <span className="muted">{y.from}</span>
            </>
          ),
          cells: [
            money(y.cost.mean),
            money(y.cost.p50),
            money(y.cost.p80),
            money(y.cost.p95),
            y.spent === null ? '' : money(y.spent),
            y.place === null ? '' : share(y.place),
            y.score === null ? '' : money(y.score),
          ],
        }))}
      />
      <Figures title="records.costs.cohorts" columns={line} rows={lines(c.cohorts, (n) => <Code>{n}</Code>)} />
      <Figures title="records.costs.cases" columns={line} rows={lines(c.cases, (n) => <bdi>{visible(n)}</bdi>)} />
      <Figures title="records.costs.payers" columns={line} rows={lines(c.payers, payer)} />
      <Figures
        title="records.costs.drivers"
        columns={columns('driver', 'correlation')}
        rows={c.drivers.map((d) => ({ key: `${d.of} ${d.name}`, head: driver(d), cells: [number(d.correlation)] }))}
      />
      <Figures
        title="records.costs.queues"
        columns={columns('line', 'places', 'needed', 'full', 'wait')}
        rows={c.queues.map((q) => ({
          key: q.cohort,
          head: <Code>{q.cohort}</Code>,
          cells: [number(q.places), [q.needed_p50, q.needed_p80, q.needed_p95].map(number).join(' · '), share(q.full), [q.wait_p50, q.wait_p95].map(number).join(' · ')],
        }))}
      />
    </>
  );
}

export default function CostForecast({ record }: { record: Rec }) {
  const t = useT();
  const intl = useIntl();
  const money = useMoney();
  const [without, setWithout] = useState<string[]>([]);
  const [times, setTimes] = useState(1);
  const ask = (less: string[], intake: number) => ({
    queryKey: ['costs', record.code, record.version, less, intake],
    queryFn: ({ signal }: { signal: AbortSignal }) => costs.of(record.code, less, intake, signal),
    staleTime: 300_000,
  });
  const found = useQuery({ ...ask(without, times), placeholderData: keepPreviousData });
  const recorded = useQuery(ask([], 1));
  const changed = without.length > 0 || times !== 1;
  // Those of few households are told with others, and cannot be left out alone.
  const codes = (recorded.data?.cohorts ?? []).map((l) => l.name).filter((n) => n !== '');
  const against = (now: number, was: number) => intl.formatNumber(now - was, { maximumFractionDigits: 0, signDisplay: 'always' });
  return (
    <section className="card below" aria-labelledby="costs-title">
      <h2 id="costs-title">
        <T id="records.costs.title" />
      </h2>
      <fieldset className="costs-what-if">
        <legend>
          <T id="records.costs.whatIf" />
        </legend>
        <FormSelect className="f-select" aria-label={t('records.costs.intake')} value={times} onChange={(_, v) => setTimes(Number(v))}>
          {TIMES.map((n) => (
            <FormSelectOption key={n} value={n} label={`${t('records.costs.intake')}: ${n === 1 ? t('records.costs.as') : t('records.costs.times', { n })}`} />
          ))}
        </FormSelect>
        {(recorded.data?.cohorts.length ?? 0) > 1 &&
          codes.map((code) => (
            <Checkbox
              key={code}
              id={`costs-without-${code}`}
              label={t('records.costs.without', { code: visible(code) })}
              isChecked={without.includes(code)}
              isDisabled={!without.includes(code) && without.length === (recorded.data?.cohorts.length ?? 0) - 1}
              onChange={(_, on) => setWithout(on ? [...without, code] : without.filter((c) => c !== code))}
            />
          ))}
      </fieldset>
      <Loaded query={found}>
        {(c) => (
          <>
            <p role="status">
              <T
                id="records.costs.total"
                values={{
                  p50: money(c.total.p50),
                  p80: money(c.total.p80),
                  p95: money(c.total.p95),
                  contingency: money(c.contingency),
                  shortfall: money(c.total.shortfall),
                  currency: <bdi key="c">{visible(c.currency)}</bdi>,
                }}
              />
              {changed && recorded.data && !found.isPlaceholderData && (
                <strong>
                  {' '}
                  <T id="records.costs.changed" values={{ p50: against(c.total.p50, recorded.data.total.p50), p80: against(c.total.p80, recorded.data.total.p80) }} />
                </strong>
              )}
            </p>
            <Months c={c} />
            <Tables c={c} />
            <p className="muted small">
              <T
                id="records.costs.drawn"
                values={{
                  futures: c.futures,
                  error: intl.formatNumber(c.error, { style: 'percent', maximumFractionDigits: 1 }),
                  figures: <Code key="f">{c.figures.slice(0, 12)}</Code>,
                }}
              />
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}
