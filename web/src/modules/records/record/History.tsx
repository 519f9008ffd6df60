import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { records, type Rec, type Version } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { Loaded } from '../../../app/problem';
import { T, useWord } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Moment } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { fieldNamed } from '../declare/condition';
import { useStateName } from '../data';
import { useValueText, type Names } from '../values/text';

function Changes({ kind, version, names }: { kind: Kind; version: Version; names: Names }) {
  const label = useLabel();
  const text = useValueText(kind, names);
  if (version.changes.length === 0) return null;
  const say = (name: string, value: unknown) => {
    const field = fieldNamed(kind, name);
    if (!field) return value === null || value === undefined ? '' : String(value);
    return visible(text(field, value));
  };
  return (
    <table className="dt changes">
      <thead>
        <tr>
          <th scope="col">
            <T id="records.conflict.field" />
          </th>
          <th scope="col">
            <T id="records.history.before" />
          </th>
          <th scope="col">
            <T id="records.history.after" />
          </th>
        </tr>
      </thead>
      <tbody>
        {version.changes.map((c) => {
          const field = fieldNamed(kind, c.field);
          const shut = field?.guard === 'sealed';
          return (
            <tr key={c.field}>
              <th scope="row">{label(field) || c.field}</th>
              <td className="wrap" dir="auto">
                {shut ? '' : <del>{say(c.field, c.before)}</del>}
              </td>
              <td className="wrap" dir="auto">
                {shut ? <T id="records.history.sealed" /> : <ins>{say(c.field, c.after)}</ins>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

// Who changed what, newest first; every version can be looked at as it was.
export function History({ kind, record, onAsOf }: { kind: Kind; record: Rec; onAsOf: (at: string) => void }) {
  const label = useLabel();
  const word = useWord();
  const stateName = useStateName(kind);
  const [open, setOpen] = useState(false);
  const history = useQuery({ queryKey: ['record', record.code, 'history', record.version], queryFn: ({ signal }) => records.history(record.code, signal), enabled: open });
  const act = (v: Version) => label(kind.workflow?.transitions.find((x) => x.name === v.act)) || word('records.act', v.act);
  return (
    <details className="card below" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <h2>
          <T id="records.history.title" />
        </h2>
      </summary>
      {open && (
        <Loaded query={history}>
          {({ versions }) => (
            <ol className="plain-list history">
              {versions.map((v) => (
                <li key={v.version}>
                  <div className="f-line">
                    <strong className="num">
                      <T id="records.history.version" values={{ n: v.version }} />
                    </strong>
                    <Moment at={v.at} /> <bdi>{v.who.name}</bdi> <span>{act(v)}</span>
                    {v.state && <span className="tag">{stateName(v.state)}</span>}
                    <span className="grow" />
                    <Button variant="link" size="sm" isInline onClick={() => onAsOf(v.at)}>
                      <T id="records.history.asOf" values={{ n: v.version }} />
                    </Button>
                  </div>
                  {v.reason && (
                    <p>
                      <span className="label">
                        <T id="ui.reason.label" />
                      </span>
                      <bdi>{visible(v.reason)}</bdi>
                    </p>
                  )}
                  <Changes kind={kind} version={v} names={record.names} />
                </li>
              ))}
            </ol>
          )}
        </Loaded>
      )}
    </details>
  );
}
