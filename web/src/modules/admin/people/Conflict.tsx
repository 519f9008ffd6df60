import { Alert, Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Person } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { useCases, useRoleName, useRoles } from './data';

type Version = Pick<Person, 'roles' | 'cases' | 'disabled'>;
type Props = { mine: Version; theirs: Version; onMine: () => void; onTheirs: () => void };

// Two versions side by side; what differs is told by a word, not only by weight.
export function Conflict({ mine, theirs, onMine, onTheirs }: Props) {
  const t = useT();
  const roleName = useRoleName(useRoles().data);
  const cases = useCases().data?.cases;
  const code = (id: string) => cases?.find((c) => c.id === id)?.code ?? id;
  const show: [string, (v: Version) => string][] = [
    ['admin.person.roles', (v) => v.roles.map(roleName).toSorted().join(', ')],
    ['admin.person.cases', (v) => v.cases.map(code).toSorted().join(', ')],
    ['admin.person.state', (v) => t(v.disabled ? 'admin.person.disabled' : 'admin.person.active')],
  ];
  const cell = (text: string, differs: boolean): ReactNode => (differs ? <strong>{text || '–'}</strong> : text || '–');
  return (
    <>
      <Alert variant="warning" isInline title={t('admin.conflict.title')} className="below">
        <T id="admin.conflict.body" />
      </Alert>
      <table className="dt">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <T id="admin.conflict.mine" />
            </th>
            <th scope="col">
              <T id="admin.conflict.theirs" />
            </th>
          </tr>
        </thead>
        <tbody>
          {show.map(([label, text]) => {
            const differs = text(mine) !== text(theirs);
            return (
              <tr key={label}>
                <th scope="row">
                  <T id={label} />
                  {differs && (
                    <span className="tag">
                      <T id="admin.conflict.differs" />
                    </span>
                  )}
                </th>
                <td className="wrap">{cell(text(mine), differs)}</td>
                <td className="wrap">{cell(text(theirs), differs)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="above conflict-acts">
        <Button onClick={onTheirs}>
          <T id="admin.conflict.takeTheirs" />
        </Button>
        <Button variant="secondary" onClick={onMine}>
          <T id="admin.conflict.keepMine" />
        </Button>
      </p>
    </>
  );
}
