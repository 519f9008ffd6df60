import { FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { T } from '../../ui/i18n';
import type { Case } from './data';

export function CaseChoice({ id, cases, value, onChange }: { id: string; cases: Case[]; value: number; onChange: (n: number) => void }) {
  return (
    <FormGroup label={<T id="identity.case" />} fieldId={id} isRequired>
      <FormSelect id={id} value={value} onChange={(_, v) => onChange(Number(v))}>
        {cases.map((c) => (
          <FormSelectOption key={c.number} value={c.number} label={c.code} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
