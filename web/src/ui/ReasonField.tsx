import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { T } from './i18n';

export const REASON_MIN = 8;

type Props = { id: string; value: string; label?: string; optional?: boolean; onChange: (reason: string) => void };

// Why, in the words of the person; never guessed.
export function ReasonField({ id, value, label = 'ui.reason.label', optional = false, onChange }: Props) {
  return (
    <FormGroup label={<T id={label} />} fieldId={id} isRequired={!optional}>
      <TextInput id={id} isRequired={!optional} dir="auto" value={value} onChange={(_, v) => onChange(v)} autoComplete="off" aria-describedby={`${id}-hint`} />
      <FormHelperText>
        <HelperText id={`${id}-hint`}>
          <HelperTextItem>
            <T id="ui.reason.hint" />
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
