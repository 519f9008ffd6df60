import { Button } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { inbox as server, type InboxTask, type Notice } from '../../../api/records';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { Copyable } from '../../../ui/Copyable';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code, Moment } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { INBOX, useInbox, useKindName } from '../data';
import { Due } from '../record/Tasks';
import { Mail } from './Mail';
import '../record/record.css';

function Tasks({ title, tasks }: { title: string; tasks: readonly InboxTask[] }) {
  const label = useLabel();
  const kindName = useKindName();
  return (
    <section className="card wide" aria-label={title}>
      <h2>{title}</h2>
      {tasks.length === 0 ? (
        <p className="muted">
          <T id="ui.none" />
        </p>
      ) : (
        <table className="dt">
          <thead>
            <tr>
              {(['task', 'record', 'kind', 'due'] as const).map((c) => (
                <th key={c} scope="col">
                  <T id={`records.inbox.${c}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tasks.map((x) => (
              <tr key={x.id} className="clickable">
                <td>{label(x.label)}</td>
                <td className="wrap">
                  <Link to="/record/$code" params={{ code: x.code }} search={{}}>
                    <Code>{x.code}</Code> <bdi>{visible(x.title)}</bdi>
                  </Link>
                </td>
                <td>{kindName(x.kind)}</td>
                <td>
                  <Due due={x.due} overdue={x.overdue} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Notices({ notices }: { notices: readonly Notice[] }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const read = useMutation({ mutationFn: (id: number | string) => server.read(id), onSettled: () => cache.invalidateQueries({ queryKey: INBOX }) });
  return (
    <section className="card wide" aria-label={t('records.inbox.notices')}>
      <h2>
        <T id="records.inbox.notices" />
      </h2>
      {read.error && <ProblemAlert error={read.error} />}
      {notices.length === 0 && (
        <p className="muted">
          <T id="ui.none" />
        </p>
      )}
      <ul className="plain-list">
        {notices.map((n) => (
          <li key={n.id} className="side-item">
            <span>
              <Moment at={n.at} /> {n.read ? label(n.text) : <strong>{label(n.text)}</strong>}{' '}
              {n.code && (
                <Link to="/record/$code" params={{ code: n.code }} search={{}}>
                  <Code>{n.code}</Code>
                </Link>
              )}
            </span>
            {!n.read && (
              <Button variant="link" size="sm" isInline isDisabled={read.isPending} onClick={() => read.mutate(n.id)}>
                <T id="records.inbox.read" />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

// The address of the calendar is a secret like a key: it is shown once, and a new one ends the old.
function Calendar() {
  const t = useT();
  const make = useMutation({ mutationFn: server.calendar });
  return (
    <section className="card wide" aria-label={t('records.calendar.title')}>
      <h2>
        <T id="records.calendar.title" />
      </h2>
      <p className="below">
        <T id="records.calendar.body" />
      </p>
      {make.error && <ProblemAlert error={make.error} />}
      {make.data ? (
        <Copyable text={new URL(make.data.address, location.origin).href} label={t('records.calendar.address')} />
      ) : (
        <Button variant="secondary" size="sm" isDisabled={make.isPending} onClick={() => make.mutate()}>
          <T id="records.calendar.make" />
        </Button>
      )}
    </section>
  );
}

export default function InboxPage() {
  const t = useT();
  return (
    <Loaded query={useInbox()}>
      {({ tasks, notices }) => (
        <div className="pane fill">
          <div className="pane-h">
            <h1>
              <T id="records.inbox.title" />
            </h1>
            <span className="muted num">
              <T id="records.inbox.count" values={{ n: tasks.length }} />
            </span>
          </div>
          <div className="scroll pad cards" tabIndex={0} role="region" aria-label={t('records.inbox.title')}>
            <Tasks title={t('records.inbox.mine')} tasks={tasks.filter((x) => x.mine)} />
            <Tasks title={t('records.inbox.roles')} tasks={tasks.filter((x) => !x.mine)} />
            <Notices notices={notices} />
            <Calendar />
            <Mail />
          </div>
        </div>
      )}
    </Loaded>
  );
}
