import type { Task } from '../../../api/records';
import { DateWords } from '../../../ui/DateWords';
import { T } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';

export function Due({ due, overdue }: { due: string | null; overdue: boolean }) {
  if (!due) return null;
  return (
    <span className={overdue ? 'danger' : 'muted'}>
      <T id={overdue ? 'records.task.overdue' : 'records.task.due'} values={{ at: <DateWords of={due.slice(0, 10)} /> }} />
    </span>
  );
}

// What is to be done about this record, by whom, until when.
export function Tasks({ tasks }: { tasks: readonly Task[] }) {
  const label = useLabel();
  if (tasks.length === 0) return null;
  return (
    <section className="card below" aria-labelledby="tasks-title">
      <h2 id="tasks-title">
        <T id="records.task.title" />
      </h2>
      <ul className="plain-list">
        {tasks.map((x) => (
          <li key={x.id}>
            {label(x.label)} {x.who && <bdi className="muted">{x.who.name}</bdi>} <Due due={x.due} overdue={x.overdue} />
          </li>
        ))}
      </ul>
    </section>
  );
}
