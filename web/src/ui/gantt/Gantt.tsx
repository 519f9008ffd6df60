// Bars over days, one line a thing: the plan as a hollow bar, what happens as a full one. Each line says its days in
// words too, so the picture is a table.
import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { T, useT } from '../i18n';
import { months } from './schedule';
import './gantt.css';

export type Span = { from: number; to: number };
export type Line = {
  key: string;
  title: ReactNode;
  words: ReactNode; // the days, in words
  bar: Span | null;
  plan?: Span | null; // the baseline
  point?: boolean; // a milestone
  done?: boolean;
  late?: boolean;
  after?: readonly string[];
};

const ROW = 28;

export function Gantt({ label, lines, today }: { label: string; lines: readonly Line[]; today: number }) {
  const t = useT();
  const intl = useIntl();
  const spans = lines.flatMap((l) => [l.bar, l.plan ?? null]).filter((s) => s !== null);
  const first = Math.min(...spans.map((s) => s.from), spans.length ? Infinity : today);
  const last = Math.max(...spans.map((s) => s.to), spans.length ? -Infinity : today) + 1;
  const room = Math.max(7, last - first) * 0.02;
  const [from, to] = [first - room, last + room];
  const x = (d: number) => `${((d - from) / (to - from)) * 100}%`;
  const width = (s: Span) => `${(Math.max(s.to + 1 - s.from, 0) / (to - from)) * 100}%`;
  const at = new Map(lines.map((l, i) => [l.key, i]));
  const within = (most: number) => months(Math.ceil(from), Math.floor(to), most).filter((d) => d >= from);
  const ticks = within(12);
  // Few enough to stand beside one another where the picture is narrowest; none that the edge would cut.
  const named = within(6).filter((d) => (d - from) / (to - from) < 0.85);
  const name = (d: number) => intl.formatDate(new Date(d * 86_400_000), { year: '2-digit', month: 'short', timeZone: 'UTC' });
  const links = lines.flatMap((l, i) =>
    (l.after ?? []).flatMap((code) => {
      const before = lines[at.get(code) ?? -1];
      return before?.bar && l.bar ? [{ key: `${code}-${l.key}`, x1: (before.bar.to + 1 - from) / (to - from), y1: at.get(code)! * ROW + ROW / 2, x2: (l.bar.from - from) / (to - from), y2: i * ROW + ROW / 2 }] : [];
    }),
  );
  return (
    <div className="gantt" role="table" aria-label={label} tabIndex={0}>
      <div className="gantt-row gantt-head" role="row">
        <span role="columnheader">
          <T id="ui.gantt.what" />
        </span>
        <span role="columnheader">
          <T id="ui.gantt.when" />
        </span>
        <span role="columnheader" className="gantt-area" aria-label={t('ui.gantt.drawn')}>
          {named.map((d) => (
            <span key={d} className="gantt-tick small" style={{ insetInlineStart: x(d) }} aria-hidden="true">
              {name(d)}
            </span>
          ))}
        </span>
      </div>
      <div role="rowgroup" className="gantt-lines">
        {lines.map((l) => (
          <div key={l.key} className="gantt-row" role="row" style={{ blockSize: ROW }}>
            <span role="cell" className="gantt-title">
              {l.title}
            </span>
            <span role="cell" className="num gantt-words">
              {l.late && (
                <strong className="danger">
                  <T id="ui.gantt.late" />{' '}
                </strong>
              )}
              {l.words}
            </span>
            <span role="cell" className="gantt-area">
              <span aria-hidden="true">
                {ticks.map((d) => (
                  <span key={d} className="gantt-month" style={{ insetInlineStart: x(d) }} />
                ))}
                {l.plan && <span className={l.point ? 'gantt-point gantt-plan' : 'gantt-bar gantt-plan'} style={l.point ? { insetInlineStart: x(l.plan.from) } : { insetInlineStart: x(l.plan.from), inlineSize: width(l.plan) }} />}
                {l.bar && (
                  <span
                    className={[l.point ? 'gantt-point' : 'gantt-bar', l.done ? 'gantt-done' : '', l.late ? 'gantt-late' : ''].join(' ')}
                    style={l.point ? { insetInlineStart: x(l.bar.from) } : { insetInlineStart: x(l.bar.from), inlineSize: width(l.bar) }}
                  />
                )}
                {today >= from && today <= to && <span className="gantt-today" style={{ insetInlineStart: x(today) }} />}
              </span>
            </span>
          </div>
        ))}
        <svg className="gantt-links" aria-hidden="true" viewBox={`0 0 1 ${Math.max(1, lines.length * ROW)}`} preserveAspectRatio="none" style={{ blockSize: lines.length * ROW }}>
          {links.map((k) => (
            <path key={k.key} d={`M${k.x1} ${k.y1} H${k.x2} V${k.y2}`} vectorEffect="non-scaling-stroke" />
          ))}
        </svg>
      </div>
    </div>
  );
}
