// The matrix of an analysis of hypotheses: how well each piece of evidence fits each hypothesis, what speaks against them, and
// on which evidence their order rests. Worked out by the server.
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { hypotheses, type Hypotheses as Matrix, type Rec } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { DateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code, Num } from '../../../ui/Words';
import { useVocabulary } from '../data';
import '../../../ui/figures.css';
import './hypotheses.css';

const MARKS: Record<string, string> = { CC: '++', C: '+', N: '0', I: '−', II: '−−', NA: '/' };

function Cell({ rating }: { rating: string | null }) {
  const label = useLabel();
  const ratings = useVocabulary('ach_rating');
  if (rating === null) {
    return (
      <td className="ach-cell muted">
        <T id="records.ach.unrated" />
      </td>
    );
  }
  return (
    <td className={`ach-cell ach-${rating.toLowerCase()}`}>
      <span className="ach-mark num" aria-hidden="true">
        {MARKS[rating] ?? rating}
      </span>{' '}
      {label(ratings.data?.data.codes.find((c) => c.code === rating)) || rating}
    </td>
  );
}

function Evidence({ of }: { of: Matrix['evidence'][number] }) {
  return (
    <tr>
      <th scope="row">
        <Code>{of.code}</Code> <bdi>{visible(of.text)}</bdi>
        {of.absence && (
          <>
            {' '}
            <span className="tag">
              <T id="records.ach.absence" />
            </span>
          </>
        )}
        {of.deceptive && (
          <>
            {' '}
            <span className="tag">
              <T id="records.ach.deceptive" />
            </span>
          </>
        )}
        <div className="small muted">
          {of.information && (
            <Link to="/record/$code" params={{ code: of.information.code }} search={{}}>
              <bdi>{visible(of.information.title)}</bdi>
            </Link>
          )}{' '}
          {of.origin && <T id="records.ach.origin" values={{ origin: <bdi key="o">{visible(of.origin)}</bdi> }} />}
        </div>
      </th>
      {of.ratings.map((rating, i) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Cell key={i} rating={rating} />
      ))}
      <td className="end">
        <Num of={of.weight} />
      </td>
      <td className="end">{of.diagnosticity === 0 ? <T id="records.ach.none" /> : <Num of={of.diagnosticity} />}</td>
    </tr>
  );
}

function Table({ m }: { m: Matrix }) {
  const t = useT();
  const intl = useIntl();
  const share = (x: number) => intl.formatNumber(x, { style: 'percent', maximumFractionDigits: 0 });
  const line = (id: string, of: (h: Matrix['hypotheses'][number]) => string) => (
    <tr>
      <th scope="row">
        <T id={id} />
      </th>
      {m.hypotheses.map((h) => (
        <td key={h.code} className="num">
          {of(h)}
        </td>
      ))}
      <td colSpan={2} />
    </tr>
  );
  const figure = (x: number, rank: number) => t('records.ach.figure', { x: intl.formatNumber(x, { maximumFractionDigits: 2, minimumFractionDigits: 2 }), rank });
  return (
    <div className="figures" tabIndex={0} role="region" aria-label={t('records.ach.table')}>
      <table className="dt ach">
        <caption>
          <T id="records.ach.table" />
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <T id="records.ach.evidence" />
            </th>
            {m.hypotheses.map((h) => (
              <th key={h.code} scope="col">
                <Code>{h.code}</Code> <bdi>{visible(h.text)}</bdi>
                {h.deception && (
                  <>
                    {' '}
                    <span className="tag">
                      <T id="records.ach.deception" />
                    </span>
                  </>
                )}
              </th>
            ))}
            <th scope="col" className="end">
              <T id="records.ach.weight" />
            </th>
            <th scope="col" className="end">
              <T id="records.ach.diagnosticity" />
            </th>
          </tr>
        </thead>
        <tbody>
          {m.evidence.map((e) => (
            <Evidence key={e.code} of={e} />
          ))}
        </tbody>
        <tfoot>
          {line('records.ach.inconsistency', (h) => figure(h.inconsistency, h.rank))}
          {line('records.ach.once', (h) => figure(h.once, h.rank_once))}
          {line('records.ach.posterior', (h) => share(h.posterior))}
        </tfoot>
      </table>
    </div>
  );
}

export default function Hypotheses({ record }: { record: Rec }) {
  const t = useT();
  const intl = useIntl();
  const label = useLabel();
  const found = useQuery({
    queryKey: ['hypotheses', record.code, record.version],
    queryFn: ({ signal }) => hypotheses.one(record.code, signal),
    staleTime: 300_000,
  });
  const list = (codes: string[]) => intl.formatList(codes.map((c) => visible(c)));
  const least = (id: string, codes: string[], more: Record<string, string> = {}) => t(id, { n: codes.length, least: list(codes), ...more });
  return (
    <section className="card below" aria-labelledby="ach-title">
      <h2 id="ach-title">
        <T id="records.ach.title" />
      </h2>
      <Loaded query={found}>
        {(m) => (
          <>
            {m.evidence.length > 0 && (
              <>
                <p role="status">
                  <strong>{least('records.ach.least', m.least)}</strong>
                  {m.least_once.join(' ') !== m.least.join(' ') && ` ${least('records.ach.leastOnce', m.least_once)}`}
                </p>
                {m.turns.length === 0 ? (
                  <p>
                    <T id="records.ach.steady" />
                  </p>
                ) : (
                  <ul aria-label={t('records.ach.turns')}>
                    {m.turns.map((turn) => (
                      <li key={turn.without.join(' ')}>{least('records.ach.turn', turn.least, { without: list(turn.without) })}</li>
                    ))}
                  </ul>
                )}
                <Table m={m} />
              </>
            )}
            {m.lacking.length > 0 && (
              <>
                <p>
                  <T id="records.ach.lacking" />
                </p>
                <ul aria-label={t('records.ach.lacking')}>
                  {m.lacking.map((w) => (
                    <li key={w.en}>{label(w)}</li>
                  ))}
                </ul>
              </>
            )}
            <p className="muted small">
              <T id="records.ach.how" values={{ day: <DateWords key="d" of={m.as_of} />, figures: <Code key="f">{m.figures.slice(0, 12)}</Code> }} />
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}
