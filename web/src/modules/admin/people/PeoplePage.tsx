import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { Loaded } from '../../../app/problem';
import type { Person } from '../../../api/types';
import { useCompartments } from '../../../app/case/data';
import { useMay } from '../../../app/session';
import { T } from '../../../ui/i18n';
import { Code } from '../../../ui/Words';
import { ClearanceDialog } from './ClearanceDialog';
import { CreatePerson } from './CreatePerson';
import { useCases, usePeople, useRoleName, useRoles } from './data';
import { EditPerson } from './EditPerson';
import './people.css';

type RowProps = { person: Person; roleName: (id: string) => string; caseCode: (id: string) => string; onEdit: () => void; onClear: () => void };

function PersonRow({ person, roleName, caseCode, onEdit, onClear }: RowProps) {
  const may = useMay();
  const walls = useCompartments().data?.compartments ?? [];
  return (
    <tr className="clickable">
      <th scope="row">
        <bdi>{person.name}</bdi>
      </th>
      <td className="wrap">{person.roles.map(roleName).join(', ')}</td>
      <td className="wrap">
        <Code>{person.cases.map(caseCode).join(', ')}</Code>
      </td>
      <td className="wrap">
        <T id={`app.class.${person.clearance}`} />
        {person.compartments.map((id) => (
          <span key={id} className="tag">
            <bdi>{walls.find((c) => c.id === id)?.name}</bdi>
          </span>
        ))}
      </td>
      <td>
        <T id={person.disabled ? 'admin.person.disabled' : 'admin.person.active'} />
      </td>
      <td className="end nowrap">
        {may('admin.people.change') && (
          <span className="row-acts">
            <Button variant="secondary" size="sm" onClick={onEdit}>
              <T id="admin.person.edit" />
              <span className="sr">
                {' '}
                <bdi>{person.name}</bdi>
              </span>
            </Button>
            <Button variant="secondary" size="sm" onClick={onClear}>
              <T id="admin.clearance.title" />
              <span className="sr">
                {' '}
                <bdi>{person.name}</bdi>
              </span>
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
}

export default function PeoplePage() {
  const list = usePeople();
  const roleName = useRoleName(useRoles().data);
  const cases = useCases().data?.cases;
  const caseCode = (id: string) => cases?.find((c) => c.id === id)?.code ?? id;
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<Person | null>(null);
  const [clearing, setClearing] = useState<Person | null>(null);
  const may = useMay();
  return (
    <Loaded query={list}>
      {({ people }) => (
        <div className="pane fill">
          <div className="pane-h">
            <h1>
              <T id="admin.people.title" />
            </h1>
            <span className="muted num">
              <T id="admin.people.count" values={{ n: people.length }} />
            </span>
            <span className="grow" />
            {may('admin.people.change') && (
              <Button size="sm" onClick={() => setCreating(true)}>
                <T id="admin.people.create" />
              </Button>
            )}
          </div>
          <section className="scroll pad" tabIndex={-1}>
            <table className="dt">
              <thead>
                <tr>
                  {['name', 'roles', 'cases', 'clearance', 'state'].map((c) => (
                    <th key={c} scope="col">
                      <T id={`admin.person.${c}`} />
                    </th>
                  ))}
                  <th scope="col">
                    <span className="sr">
                      <T id="admin.person.edit" />
                    </span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.map((p) => (
                  <PersonRow key={p.id} person={p} roleName={roleName} caseCode={caseCode} onEdit={() => setEditing(p)} onClear={() => setClearing(p)} />
                ))}
              </tbody>
            </table>
          </section>
          {creating && <CreatePerson onClose={() => setCreating(false)} />}
          {clearing && <ClearanceDialog person={clearing} onClose={() => setClearing(null)} />}
          {editing && <EditPerson person={editing} onClose={() => setEditing(null)} />}
        </div>
      )}
    </Loaded>
  );
}
