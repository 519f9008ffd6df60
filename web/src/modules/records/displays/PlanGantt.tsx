// The tasks and milestones within one record as bars: the baseline beside what happens.
import { Alert } from '@patternfly/react-core';
import { useIntl } from 'react-intl';
import type { Kind, Shown } from '../../../api/kinds';
import type { Rec } from '../../../api/records';
import { useDateWords } from '../../../ui/DateWords';
import { Gantt, type Line } from '../../../ui/gantt/Gantt';
import { schedule, splitCodes, type Task } from '../../../ui/gantt/schedule';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { fieldNamed } from '../declare/condition';
import { spanOf, thisDay } from './GanttTab';

type Row = Record<string, unknown>;
type Plan = Shown & { show: 'gantt' };

export const planOf = (kind: Kind): Plan | undefined => kind.displays?.find((d): d is Plan => d.show === 'gantt' && d.tasks !== undefined);

function useTaskLines(plan: Plan, rows: readonly Row[]): { lines: Line[]; circle: string[] } {
  const t = useT();
  const intl = useIntl();
  const day = (d: number) => intl.formatDate(new Date(d * 86_400_000), { dateStyle: 'medium', timeZone: 'UTC' });
  const now = thisDay();
  const tasks = rows.map((r): Task & { row: Row } => ({
    row: r,
    code: String(r[plan.code!] ?? ''),
    title: String(r[plan.label!] ?? ''),
    begins: spanOf(r[plan.begin!])?.from ?? null,
    days: Number(r[plan.days!] ?? 0),
    after: splitCodes(r[plan.after!]),
    done: r[plan.done!] === true,
    actual: plan.actual ? spanOf(r[plan.actual]) : null,
  }));
  const { placed, circle } = schedule(tasks, now);
  const lines = placed.map((p, i): Line => {
    const baseline = plan.baseline ? spanOf(tasks[i]!.row[plan.baseline]) : null;
    const bar = p.from === null ? null : { from: p.from, to: p.to! };
    const slip = baseline && bar ? bar.to - baseline.to : null;
    return {
      key: p.code,
      title: (
        <>
          <Code>{p.code}</Code> <bdi>{visible(p.title)}</bdi>
        </>
      ),
      words: (
        <>
          {bar ? `${day(bar.from)} – ${day(bar.to)}` : t('records.gantt.noDay')}
          {slip !== null && slip !== 0 && ` (${t('records.gantt.slip', { n: slip })})`}
          {p.unknown.length > 0 && ` ${t('records.gantt.unknown', { codes: p.unknown.join(', ') })}`}
        </>
      ),
      bar,
      plan: baseline,
      done: p.done,
      late: !p.done && bar !== null && bar.to < now,
      after: p.after,
    };
  });
  return { lines, circle };
}

function useMilestoneLines(kind: Kind, plan: Plan, rows: readonly Row[]): Line[] {
  const t = useT();
  const label = useLabel();
  const words = useDateWords();
  const columns = fieldNamed(kind, plan.milestones ?? '')?.columns ?? [];
  const now = thisDay();
  return rows.map((r, i): Line => {
    const said = (name: string) => columns.filter((c) => c.name === name && r[name]).map((c) => t('ui.pair', { name: label(c), value: words(String(r[name])) }));
    const base = spanOf(r.baseline);
    const at = spanOf(r.actual) ?? spanOf(r.forecast) ?? base;
    return {
      key: `m-${i}`,
      title: <bdi>{visible(String(r.milestone ?? ''))}</bdi>,
      words: [...said('begins'), ...said('baseline'), ...said('forecast'), ...said('actual')].join('; '),
      bar: at && { from: at.to, to: at.to },
      plan: base && { from: base.to, to: base.to },
      point: true,
      done: Boolean(r.actual),
      late: !r.actual && at !== null && at.to < now,
    };
  });
}

const rowsOf = (record: Rec, name: string | undefined): Row[] => {
  const v = name ? record.values[name] : null;
  return Array.isArray(v) ? (v as Row[]) : [];
};

export function PlanGantt({ kind, plan, record }: { kind: Kind; plan: Plan; record: Rec }) {
  const t = useT();
  const tasks = useTaskLines(plan, rowsOf(record, plan.tasks));
  const milestones = useMilestoneLines(kind, plan, rowsOf(record, plan.milestones));
  const lines = [...tasks.lines, ...milestones];
  if (lines.length === 0) return null;
  return (
    <section className="card below" aria-labelledby="gantt-title">
      <h2 id="gantt-title">
        <T id="records.tab.gantt" />
      </h2>
      {tasks.circle.length > 0 && <Alert isInline variant="warning" title={t('records.gantt.circle', { codes: tasks.circle.join(', ') })} />}
      <Gantt label={t('records.tab.gantt')} lines={lines} today={thisDay()} />
      <p className="muted small above">
        <T id="records.gantt.legend" />
      </p>
    </section>
  );
}
