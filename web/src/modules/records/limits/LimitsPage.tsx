// The last days of all time limits for an event of one day: the calculator of those who file.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { timeLimits } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { DateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code } from '../../../ui/Words';

const today = () => new Date().toISOString().slice(0, 10);

export default function LimitsPage() {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const { from = today() } = useSearch({ strict: false }) as { from?: string };
  const list = useQuery({ queryKey: ['time-limits', from], queryFn: ({ signal }) => timeLimits(from, signal), staleTime: 60_000, placeholderData: (before) => before });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.limits.title" />
        </h1>
        <label htmlFor="limits-from">
          <T id="records.limits.from" />
        </label>
        <input
          type="date"
          id="limits-from"
          className="f-in f-time num"
          value={from}
          onChange={(e) => e.target.value && void navigate({ to: '/time-limits', search: { from: e.target.value } as never, replace: true })}
        />
      </div>
      <section className="scroll pad" tabIndex={0} aria-label={t('records.limits.title')}>
        <Loaded query={list}>
          {({ limits }) => (
            <table className="dt" aria-busy={list.isFetching}>
              <thead>
                <tr>
                  {(['code', 'limit', 'length', 'due', 'source'] as const).map((column) => (
                    <th key={column} scope="col">
                      <T id={`records.limits.${column}`} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {limits.map((l) => (
                  <tr key={l.code}>
                    <td>
                      <Code>{l.code}</Code>
                    </td>
                    <th scope="row" className="wrap">
                      {label(l.label)}
                    </th>
                    <td className="nowrap">{t(`records.limits.${l.before ? 'before' : 'after'}.${l.unit}`, { n: l.number })}</td>
                    <td data-due={l.code}>
                      <DateWords of={l.due} />
                      {l.due !== l.counted && (
                        <div className="muted">
                          <T id="records.limits.moved" values={{ day: <DateWords of={l.counted} /> }} />
                        </div>
                      )}
                    </td>
                    <td className="wrap muted">{l.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </section>
    </div>
  );
}
