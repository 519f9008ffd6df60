import { Button, EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Loaded } from '../../../app/problem';
import { useMay } from '../../../app/session';
import type { CaseRow } from '../../../api/types';
import { T } from '../../../ui/i18n';
import { Code, Moment, Num } from '../../../ui/Words';
import { useCaseList } from '../data';
import { CreateCase } from './CreateCase';

function Rows({ rows }: { rows: CaseRow[] }) {
  return (
    <table className="dt">
      <thead>
        <tr>
          <th scope="col">
            <T id="evidence.case.code" />
          </th>
          <th scope="col">
            <T id="evidence.case.title" />
          </th>
          <th scope="col" className="end">
            <T id="evidence.case.items" />
          </th>
          <th scope="col">
            <T id="evidence.case.received" />
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((c) => (
          <tr key={c.id} className="clickable">
            <td>
              <Link to="/cases/$case" params={{ case: c.id }}>
                <Code>{c.code}</Code>
              </Link>
            </td>
            <td>
              <bdi>{c.title}</bdi>
            </td>
            <td className="end">
              <Num of={c.items} />
            </td>
            <td>{c.last_received ? <Moment at={c.last_received} /> : <T id="evidence.case.never" />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function CasesPage() {
  const may = useMay();
  const list = useCaseList();
  const [creating, setCreating] = useState(false);
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="evidence.cases.title" />
        </h1>
        <span className="grow" />
        {may('evidence.case.create') && (
          <Button size="sm" onClick={() => setCreating(true)}>
            <T id="evidence.cases.create" />
          </Button>
        )}
      </div>
      <section className="scroll pad" tabIndex={-1}>
        <Loaded query={list}>
          {({ cases }) =>
            cases.length ? (
              <Rows rows={cases} />
            ) : (
              <EmptyState titleText={<T id="evidence.cases.none" />} headingLevel="h2">
                <EmptyStateBody>
                  <T id="evidence.cases.noneBody" />
                </EmptyStateBody>
              </EmptyState>
            )
          }
        </Loaded>
      </section>
      {creating && <CreateCase onClose={() => setCreating(false)} />}
    </div>
  );
}
