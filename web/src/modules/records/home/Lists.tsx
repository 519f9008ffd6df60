// Tiles that are lists: what is due, what waits, and the tasks of who asks.
import { Link } from '@tanstack/react-router';
import type { CountsTile, ListTile, TasksTile } from '../../../api/home';
import { T } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code, EvidenceDate, Num } from '../../../ui/Words';
import { Due } from '../record/Tasks';
import { Behind } from './Behind';

type Of<X> = { tile: X; caseId: string | undefined };

export function CountsOf({ tile, caseId }: Of<CountsTile>) {
  const label = useLabel();
  return (
    <ul className="home-counts">
      {tile.parts.map((p, i) => (
        <li key={i}>
          {p.count === 0 ? (
            <span className="muted">{label(p.label)}</span>
          ) : (
            <Behind part={p} caseId={caseId}>
              {label(p.label)}
            </Behind>
          )}
          <strong className={p.alarm && p.count > 0 ? 'danger' : p.count === 0 ? 'muted' : undefined}>
            {p.alarm && p.count > 0 && <span aria-hidden="true">▲ </span>}
            <Num of={p.count} />
          </strong>
        </li>
      ))}
    </ul>
  );
}

export function ListOf({ tile, caseId }: Of<ListTile>) {
  const label = useLabel();
  const dated = tile.rows.some((r) => r.due !== undefined);
  return (
    <>
      {tile.rows.length === 0 ? (
        <p className="muted">
          <T id="ui.none" />
        </p>
      ) : (
        <table className="dt">
          <caption className="sr">{label(tile.title)}</caption>
          <thead className="sr">
            <tr>
              {['record', 'kind', 'state', dated ? 'due' : 'changed'].map((c) => (
                <th key={c} scope="col">
                  <T id={`records.home.${c}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tile.rows.map((r) => (
              <tr key={r.code} className="clickable">
                <td className="wrap">
                  <Link to="/record/$code" params={{ code: r.code }} search={{}}>
                    <Code>{r.code}</Code> <bdi>{visible(r.title)}</bdi>
                  </Link>
                </td>
                <td className="muted">{label(r.kind_label)}</td>
                <td className="muted">{label(r.state ?? undefined)}</td>
                <td className="nowrap end">{dated ? <Due due={r.due ?? null} overdue={r.late ?? false} /> : <EvidenceDate of={r.changed.slice(0, 10)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ul className="home-behind small">
        {tile.parts
          .filter((p) => p.count > 0)
          .map((p, i) => (
            <li key={i}>
              <Behind part={p} caseId={caseId}>
                <T id="records.home.behind" values={{ what: label(p.label), n: p.count }} />
              </Behind>
            </li>
          ))}
      </ul>
    </>
  );
}

export function TasksOf({ tile }: Of<TasksTile>) {
  const label = useLabel();
  return (
    <>
      {tile.rows.length === 0 ? (
        <p className="muted">
          <T id="ui.none" />
        </p>
      ) : (
        <table className="dt">
          <caption className="sr">{label(tile.title)}</caption>
          <tbody>
            {tile.rows.map((r, i) => (
              <tr key={i} className="clickable">
                <td className="wrap">
                  {label(r.label)}
                  <br />
                  <Link to="/record/$code" params={{ code: r.code }} search={{}}>
                    <Code>{r.code}</Code> <bdi>{visible(r.title)}</bdi>
                  </Link>
                </td>
                <td className="nowrap end">
                  <Due due={r.due} overdue={r.late} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="small home-behind">
        <Link to="/inbox">
          <T id="records.home.inbox" values={{ n: tile.total, late: tile.late }} />
        </Link>
      </p>
    </>
  );
}
