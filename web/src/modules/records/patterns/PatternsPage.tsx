// The pattern laboratory: what incidents have in common in time and space, each with how probable it is by chance.
import { Alert, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import type { Kind } from '../../../api/kinds';
import { patterns, type Patterns } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { Bars } from '../../../ui/Bars';
import { DateWords } from '../../../ui/DateWords';
import { Figures } from '../../../ui/Figures';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { useKind } from '../data';
import './patterns.css';

type Asked = { case?: string; family?: string };

function Chance({ p }: { p: number }) {
  const intl = useIntl();
  return (
    <strong>
      <T id="records.patterns.chance" values={{ p: intl.formatNumber(p, { maximumSignificantDigits: 2 }), share: intl.formatNumber(p, { style: 'percent', maximumSignificantDigits: 2 }) }} />
    </strong>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card below" aria-labelledby={`pattern-${title}`}>
      <h2 id={`pattern-${title}`}>
        <T id={`records.patterns.${title}`} />
      </h2>
      {children}
    </section>
  );
}

function Weeks({ weeks }: { weeks: Patterns['weeks'] }) {
  const t = useT();
  const intl = useIntl();
  const number = (n: number) => intl.formatNumber(n, { maximumFractionDigits: 1 });
  const out = weeks.filter((w) => w.alert);
  return (
    <>
      <Bars
        title={t('records.patterns.weeks')}
        word={t('records.patterns.week')}
        shape="columns"
        bars={weeks.map((w) => ({ key: w.week, label: <DateWords of={w.week} />, count: w.count }))}
      />
      <p>{out.length === 0 ? t('records.patterns.noAlert') : t('records.patterns.alerts', { n: out.length })}</p>
      <Figures
        title="records.patterns.standsOut"
        columns={['records.patterns.week', 'records.patterns.count', 'records.patterns.above']}
        rows={out.map((w) => ({ key: w.week, head: <DateWords of={w.week} />, cells: [number(w.count), w.above !== null && number(w.above)] }))}
      />
    </>
  );
}

function Epoch({ epoch }: { epoch: NonNullable<Patterns['epoch']> }) {
  const t = useT();
  const intl = useIntl();
  const number = (n: number) => intl.formatNumber(n, { maximumFractionDigits: 1 });
  return (
    <>
      <p>
        {t('records.patterns.epochTold', { within: number(epoch.within), days: epoch.days, events: epoch.events, expected: number(epoch.expected), moves: number(epoch.moves) })} <Chance p={epoch.p} />
      </p>
      <Bars
        title={t('records.patterns.around')}
        word={t('records.patterns.day')}
        shape="columns"
        bars={epoch.around.map((d) => ({ key: String(d.day), label: intl.formatNumber(d.day, { signDisplay: 'exceptZero' }), count: d.count }))}
      />
    </>
  );
}

function Near({ near }: { near: NonNullable<Patterns['near']> }) {
  const t = useT();
  const intl = useIntl();
  return (
    <p>
      {t('records.patterns.nearTold', {
        close: near.close,
        metres: intl.formatNumber(near.metres),
        days: intl.formatNumber(near.days),
        expected: intl.formatNumber(near.expected, { maximumFractionDigits: 1 }),
        exact: String(near.exact),
        permutations: intl.formatNumber(near.permutations),
      })}{' '}
      <Chance p={near.p} />
    </p>
  );
}

function Cluster({ cluster }: { cluster: NonNullable<Patterns['cluster']> }) {
  const intl = useIntl();
  return (
    <>
      <p>
        <T
          id="records.patterns.clusterTold"
          values={{
            cases: cluster.cases,
            expected: intl.formatNumber(cluster.expected, { maximumFractionDigits: 1 }),
            recurs: intl.formatNumber(cluster.recurs),
            from: <DateWords key="f" of={cluster.from} />,
            to: <DateWords key="t" of={cluster.to} />,
          }}
        />{' '}
        <Chance p={cluster.p} />
      </p>
      <ul className="pattern-incidents">
        {cluster.incidents.map((i) => (
          <li key={i.code}>
            <Link to="/record/$code" params={{ code: i.code }}>
              <Code>{i.code}</Code> <bdi>{visible(i.title)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function All({ p }: { p: Patterns }) {
  const t = useT();
  if (p.from === null || p.to === null) return <p>{t('records.patterns.none')}</p>;
  return (
    <>
      <p role="status">
        <T id="records.patterns.looked" values={{ incidents: p.incidents, placed: p.placed, left: p.left_out, from: <DateWords key="f" of={p.from} />, to: <DateWords key="t" of={p.to} /> }} />{' '}
        {p.more && t('records.patterns.more')}
      </p>
      {p.few && <Alert isInline isPlain variant="warning" className="below" title={t('records.patterns.few')} />}
      <Weeks weeks={p.weeks} />
      <Part title="epoch">{p.epoch ? <Epoch epoch={p.epoch} /> : <p>{t('records.patterns.epochNone')}</p>}</Part>
      <Part title="near">{p.near ? <Near near={p.near} /> : <p>{t('records.patterns.nearNone')}</p>}</Part>
      <Part title="cluster">{p.cluster ? <Cluster cluster={p.cluster} /> : <p>{t('records.patterns.clusterNone')}</p>}</Part>
      <Alert isInline isPlain variant="info" className="below" title={t('records.patterns.judge')} />
      <p className="muted small">
        <T id="records.patterns.made" values={{ figures: <Code key="c">{p.figures.slice(0, 12)}</Code> }} />
      </p>
    </>
  );
}

function Narrow({ kind, asked }: { kind: Kind; asked: Asked }) {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const go = (next: Asked) => void navigate({ to: '/patterns', search: next as never, replace: true });
  const families = kind.vocabularies.act_family?.codes ?? [];
  return (
    <>
      <FormSelect className="f-select" aria-label={t('records.patterns.case')} value={asked.case ?? ''} onChange={(_, v) => go({ ...asked, case: v || undefined })}>
        <FormSelectOption value="" label={`${t('records.patterns.case')}: ${t('records.patterns.all')}`} />
        {kind.cases.map((c) => (
          <FormSelectOption key={c.id} value={c.id} label={visible(`${c.code} ${c.title}`)} />
        ))}
      </FormSelect>
      <FormSelect className="f-select" aria-label={t('records.patterns.family')} value={asked.family ?? ''} onChange={(_, v) => go({ ...asked, family: v || undefined })}>
        <FormSelectOption value="" label={`${t('records.patterns.family')}: ${t('records.patterns.all')}`} />
        {families.map((c) => (
          <FormSelectOption key={c.code} value={c.code} label={label(c)} />
        ))}
      </FormSelect>
    </>
  );
}

export default function PatternsPage() {
  const t = useT();
  const asked = useSearch({ strict: false }) as Asked;
  const kind = useKind('incident');
  const found = useQuery({
    queryKey: ['patterns', asked.case ?? '', asked.family ?? ''],
    queryFn: ({ signal }) => patterns.of(asked.case ?? '', asked.family ?? '', signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.patterns.title" />
        </h1>
        {kind.data && <Narrow kind={kind.data} asked={asked} />}
      </div>
      <section className="scroll pad" tabIndex={0} aria-label={t('records.patterns.title')}>
        <Loaded query={found}>{(p) => <All p={p} />}</Loaded>
      </section>
    </div>
  );
}
