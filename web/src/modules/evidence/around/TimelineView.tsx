import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { around, type Step } from '../../../api/workspace';
import { Loading, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { EvidenceDate, Num } from '../../../ui/Words';
import { filled } from './time';
import './around.css';

const STEPS: readonly Step[] = ['day', 'month', 'year'];
const ROWS_SHOWN = 500;

// The results over time: columns for the eye, and a table of the same numbers, whose rows narrow the search.
export function TimelineView({ search, onDate }: { search: string; onDate: (date: string) => void }) {
  const t = useT();
  const [by, setBy] = useState<Step | undefined>();
  const { data, error, refetch } = useQuery({
    queryKey: ['timeline', search, by],
    queryFn: ({ signal }) => around.timeline(search, by, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const columns = filled(data);
  const most = Math.max(1, ...columns.map((c) => c.count));
  return (
    <div className="scroll around" tabIndex={0} role="region" aria-label={t('evidence.timeline.title')}>
      <div className="around-bar">
        <label>
          <T id="evidence.timeline.by" />{' '}
          <select className="speed" value={data.by} onChange={(e) => setBy(e.target.value as Step)}>
            {STEPS.map((s) => (
              <option key={s} value={s}>
                {t(`evidence.timeline.${s}`)}
              </option>
            ))}
          </select>
        </label>
        <span className="muted" role="status">
          <T id="evidence.timeline.undated" values={{ n: data.undated }} />
        </span>
      </div>
      {columns.length > 0 && (
        <>
          <div className="time" dir="ltr" role="img" aria-label={t('ui.bars.drawn', { title: t('evidence.timeline.title') })}>
            {columns.map((c) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the table below does the same by keyboard
              <span key={c.at} className="time-column" title={`${c.at}: ${c.count}`} onClick={() => c.count > 0 && onDate(c.at)}>
                <span style={{ blockSize: `${(c.count / most) * 100}%` }} className={c.count ? 'time-bar' : undefined} />
              </span>
            ))}
          </div>
          <div className="time-ends num muted" dir="ltr" aria-hidden="true">
            <span>{columns[0]!.at}</span>
            <span>{columns.at(-1)!.at}</span>
          </div>
        </>
      )}
      <table className="dt">
        <caption className="sr">{t('evidence.timeline.title')}</caption>
        <thead>
          <tr>
            <th scope="col">
              <T id={`evidence.timeline.${data.by}`} />
            </th>
            <th scope="col" className="end">
              <T id="ui.bars.count" />
            </th>
          </tr>
        </thead>
        <tbody>
          {data.counts.slice(0, ROWS_SHOWN).map((c) => (
            <tr key={c.at}>
              <td>
                <button type="button" className="plain-link" onClick={() => onDate(c.at)}>
                  <EvidenceDate of={c.at} />
                </button>
              </td>
              <td className="end">
                <Num of={c.count} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.counts.length > ROWS_SHOWN && (
        <p className="muted small pad">
          <T id="ui.bars.ceiling" values={{ shown: ROWS_SHOWN, all: data.counts.length }} />
        </p>
      )}
    </div>
  );
}
