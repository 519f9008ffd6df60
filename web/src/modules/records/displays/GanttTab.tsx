// What was found, as bars from the day it begins to the day it ends.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../../../api/records';
import type { Kind, Shown } from '../../../api/kinds';
import { Loaded } from '../../../app/problem';
import { useDateWords } from '../../../ui/DateWords';
import { daysOf } from '../../../ui/fields/edtf';
import { Gantt, type Line, type Span } from '../../../ui/gantt/Gantt';
import { T, useT } from '../../../ui/i18n';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import './displays.css';

const MOST = 200;

// The days that a date says, where both ends are known.
export const spanOf = (value: unknown): Span | null => {
  const days = typeof value === 'string' ? daysOf(value) : null;
  return days && Number.isFinite(days.from) && Number.isFinite(days.to) ? { from: days.from, to: days.to } : null;
};
export const thisDay = () => Math.floor(Date.now() / 86_400_000);

export default function GanttTab({ kind, query, shown }: { kind: Kind; query: string; shown: Shown & { show: 'gantt' } }) {
  const t = useT();
  const words = useDateWords();
  const rows = useQuery({ queryKey: ['gantt', query], queryFn: ({ signal }) => queries.rows(query, 0, MOST, signal), staleTime: 30_000 });
  const finals = new Set(kind.workflow?.states.filter((s) => s.final).map((s) => s.name));
  return (
    <Loaded query={rows}>
      {(data) => {
        const now = thisDay();
        const lines = data.rows.flatMap((r): Line[] => {
          if (!r) return [];
          const [begin, end] = [r.values[shown.begin!], r.values[shown.end!]];
          const [a, b] = [spanOf(begin), spanOf(end)];
          const bar = a || b ? { from: (a ?? b)!.from, to: (b ?? a)!.to } : null;
          const done = finals.has(r.state ?? '');
          return [
            {
              key: r.code,
              title: (
                <Link to="/record/$code" params={{ code: r.code }} search={{}}>
                  <Code>{r.code}</Code> <bdi>{visible(r.title)}</bdi>
                </Link>
              ),
              words: [begin, end].map((v) => (v ? words(String(v)) : '?')).join(' – '),
              bar,
              done,
              late: !done && bar !== null && bar.to < now,
            },
          ];
        });
        return (
          <div className="scroll pad" tabIndex={-1}>
            {data.total > MOST && (
              <p className="muted small">
                <T id="records.board.ceiling" values={{ shown: MOST, all: data.total }} />
              </p>
            )}
            <Gantt label={t('records.tab.gantt')} lines={lines} today={now} />
          </div>
        );
      }}
    </Loaded>
  );
}
