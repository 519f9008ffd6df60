import { FormGroup, TextInput } from '@patternfly/react-core';
import type { HandOverDraft } from '../../../api/filing';
import { T } from '../../../ui/i18n';

const FIELDS = ['title', 'recipient', 'purpose'] as const;

export function HandOverFields({ draft, onChange }: { draft: HandOverDraft; onChange: (draft: HandOverDraft) => void }) {
  return (
    <>
      {FIELDS.map((f) => (
        <FormGroup key={f} label={<T id={`evidence.handOver.field.${f}`} />} fieldId={`hand-over-${f}`} isRequired={f === 'title'}>
          <TextInput id={`hand-over-${f}`} dir="auto" autoComplete="off" maxLength={250} isRequired={f === 'title'} value={draft[f]} onChange={(_, v) => onChange({ ...draft, [f]: v })} />
        </FormGroup>
      ))}
    </>
  );
}
