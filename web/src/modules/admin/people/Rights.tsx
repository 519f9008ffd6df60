// The choice of roles and cases, the same where a person is created and where one is changed.
import { Alert, Checkbox } from '@patternfly/react-core';
import { T, useT } from '../../../ui/i18n';
import { Code } from '../../../ui/Words';
import { forbiddenAmong, useCases, useRoleName, useRoles, useRoleText } from './data';

export type RightsOf = { roles: string[]; cases: string[] };

const toggled = (list: string[], value: string, on: boolean) => (on ? [...list, value] : list.filter((x) => x !== value));

export function useForbidden(chosen: readonly string[]) {
  return forbiddenAmong(useRoles().data, chosen);
}

export function Rights({ rights, onChange }: { rights: RightsOf; onChange: (rights: RightsOf) => void }) {
  const t = useT();
  const roles = useRoles().data;
  const cases = useCases().data?.cases ?? [];
  const text = useRoleText();
  const name = useRoleName(roles);
  const forbidden = useForbidden(rights.roles);
  return (
    <div className="rights">
      <fieldset>
        <legend>
          <T id="admin.person.roles" />
        </legend>
        {forbidden.map(([a, b]) => (
          <Alert key={`${a} ${b}`} variant="danger" isInline isPlain title={t('admin.rights.forbidden', { a: name(a), b: name(b) })} />
        ))}
        <div className="choices">
          {roles?.roles.filter((r) => !r.by_two || rights.roles.includes(r.id)).map((r) => (
            <Checkbox
              key={r.id}
              id={`role-${r.id}`}
              label={text(r).label}
              description={text(r).description}
              isChecked={rights.roles.includes(r.id)}
              onChange={(_, on) => onChange({ ...rights, roles: toggled(rights.roles, r.id, on) })}
            />
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>
          <T id="admin.person.cases" />
        </legend>
        <div className="choices">
          {cases.map((c) => (
            <Checkbox
              key={c.id}
              id={`case-${c.id}`}
              label={
                <>
                  <Code>{c.code}</Code> <bdi>{c.title}</bdi>
                </>
              }
              isChecked={rights.cases.includes(c.id)}
              onChange={(_, on) => onChange({ ...rights, cases: toggled(rights.cases, c.id, on) })}
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}
