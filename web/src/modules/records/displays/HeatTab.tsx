// A year at a glance: a line a month, a cell a day, darker with more. A cell narrows the list to its day.
import { Button } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { queries } from '../../../api/records';
import type { Filter, Kind } from '../../../api/kinds';
import { Loaded } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Num } from '../../../ui/Words';
import { fieldNamed } from '../declare/condition';
import { daysOfMonth, today } from './month';
import './displays.css';

const DAYS = Array.from({ length: 31 }, (_, i) => i + 1);
const two = (n: number) => String(n).padStart(2, '0');

export default function HeatTab({ kind, query, field, onNarrow }: { kind: Kind; query: string; field: string; onNarrow: (filter: Filter[]) => void }) {
  const t = useT();
  const label = useLabel();
  const intl = useIntl();
  const [year, setYear] = useState(Number(today().slice(0, 4)));
  const answer = useQuery({ queryKey: ['days', query, field, year], queryFn: ({ signal }) => queries.days(query, field, `${year}-01-01`, `${year}-12-31`, signal), staleTime: 30_000, placeholderData: keepPreviousData });
  return (
    <Loaded query={answer}>
      {({ days, vague }) => {
        const counts = new Map(days.map((d) => [d.day, d.count]));
        const most = Math.max(1, ...counts.values());
        const narrow = (from: string, to: string) =>
          onNarrow([
            { field, op: 'from', value: from },
            { field, op: 'to', value: to },
          ]);
        return (
          <div className="scroll pad" tabIndex={0} role="region" aria-label={t('records.tab.heat')}>
            <div className="f-line below">
              <Button variant="secondary" size="sm" onClick={() => setYear(year - 1)} aria-label={t('records.heat.previous')}>
                ‹
              </Button>
              <h2 className="num heat-year" aria-live="polite">
                {label(fieldNamed(kind, field))} · {year}
              </h2>
              <Button variant="secondary" size="sm" onClick={() => setYear(year + 1)} aria-label={t('records.heat.next')}>
                ›
              </Button>
              <span className="muted small">
                {vague > 0 && <T id="records.calendar.vague" values={{ n: vague }} />}
              </span>
            </div>
            <table className="heat-table">
              <caption className="sr">{t('records.heat.caption', { year })}</caption>
              <thead>
                <tr>
                  <th scope="col">
                    <T id="records.heat.month" />
                  </th>
                  {DAYS.map((d) => (
                    <th key={d} scope="col" className="num">
                      {d}
                    </th>
                  ))}
                  <th scope="col" className="end">
                    <T id="records.home.all" />
                  </th>
                </tr>
              </thead>
              <tbody>
                {Array.from({ length: 12 }, (_, m) => {
                  const month = `${year}-${two(m + 1)}`;
                  const last = daysOfMonth(month);
                  const total = DAYS.reduce((sum, d) => sum + (counts.get(`${month}-${two(d)}`) ?? 0), 0);
                  return (
                    <tr key={month}>
                      <th scope="row">{intl.formatDate(new Date(`${month}-15T12:00:00Z`), { month: 'short', timeZone: 'UTC' })}</th>
                      {DAYS.map((d) => {
                        const day = `${month}-${two(d)}`;
                        const n = counts.get(day) ?? 0;
                        if (d > last) return <td key={d} className="heat-none" />;
                        return (
                          <td key={d} className="heat-day" style={{ '--heat': n / most } as React.CSSProperties}>
                            {n > 0 && (
                              <button type="button" className="heat-button num" onClick={() => narrow(day, day)} aria-label={t('records.calendar.day', { day: intl.formatDate(new Date(`${day}T12:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' }), n })}>
                                {n}
                              </button>
                            )}
                          </td>
                        );
                      })}
                      <td className="end">
                        {total > 0 ? (
                          <button type="button" className="plain-link num" onClick={() => narrow(`${month}-01`, `${month}-${two(last)}`)} aria-label={`${month}: ${total}`}>
                            <Num of={total} />
                          </button>
                        ) : (
                          <span className="muted num">0</span>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        );
      }}
    </Loaded>
  );
}
