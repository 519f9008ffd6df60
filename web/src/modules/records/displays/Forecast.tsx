// By when a plan will probably be done, and which of its tasks decide that: worked out by the server.
import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { schedules } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { DateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { Code, Num } from '../../../ui/Words';

export function Forecast({ code, version }: { code: string; version: number }) {
  const t = useT();
  const intl = useIntl();
  const share = (x: number) => intl.formatNumber(x, { style: 'percent', maximumFractionDigits: 0 });
  const found = useQuery({ queryKey: ['schedule', code, version], queryFn: ({ signal }) => schedules.one(code, signal), staleTime: 300_000 });
  return (
    <section className="card below" aria-labelledby="forecast-title" data-forecast>
      <h2 id="forecast-title">
        <T id="records.forecast.title" />
      </h2>
      <Loaded query={found}>
        {(s) => (
          <>
            <p>
              <T
                id="records.forecast.end"
                values={{ ends: <DateWords of={s.ends} />, p50: <DateWords of={s.p50} />, p80: <DateWords of={s.p80} />, p95: <DateWords of={s.p95} /> }}
              />
            </p>
            <p className="muted small">{t(s.past_used ? 'records.forecast.past' : 'records.forecast.assumed', { n: s.past, futures: s.futures })}</p>
            <table className="dt">
              <thead>
                <tr>
                  {(['task', 'begins', 'ends', 'slack', 'decides', 'late'] as const).map((column) => (
                    <th key={column} scope="col" className={['slack', 'decides', 'late'].includes(column) ? 'end' : undefined}>
                      <T id={`records.forecast.${column}`} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {s.tasks.map((task) => (
                  <tr key={task.code}>
                    <th scope="row">
                      <Code>{task.code}</Code>
                    </th>
                    <td>
                      <DateWords of={task.begins} />
                    </td>
                    <td>
                      <DateWords of={task.ends} />
                    </td>
                    <td className="end">
                      {task.critical ? (
                        <strong>
                          <T id="records.forecast.critical" />
                        </strong>
                      ) : (
                        <Num of={task.slack} />
                      )}
                    </td>
                    <td className="end num">{share(task.decides)}</td>
                    <td className="end num">{share(task.late)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </Loaded>
    </section>
  );
}
