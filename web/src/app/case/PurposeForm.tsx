import { Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, Radio, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { purposes, type PurposeState } from '../../api/rights';
import { T } from '../../ui/i18n';
import { ProblemAlert } from '../problem';
import { purposeKey, useInLanguage } from './data';

type Props = { caseId: string; state: PurposeState; onDone: () => void; onCancel?: () => void };

export function PurposeForm({ caseId, state, onDone, onCancel }: Props) {
  const cache = useQueryClient();
  const text = useInLanguage();
  const only = state.purposes.length === 1 ? state.purposes[0]!.id : '';
  const [purpose, setPurpose] = useState(state.chosen?.purpose ?? only);
  const [reason, setReason] = useState(state.chosen?.reason ?? '');
  const least = state.reason_characters_min;
  const enough = reason.trim() === '' ? !state.reason_needed : reason.trim().length >= least;
  const choose = useMutation({
    mutationFn: () => purposes.choose(caseId, { purpose, reason: reason.trim() }),
    onSuccess: async (now) => {
      cache.setQueryData(purposeKey(caseId), now);
      onDone();
    },
  });
  const ready = purpose !== '' && enough && !choose.isPending;
  return (
    <Form
      className="tight"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) choose.mutate();
      }}
    >
      {choose.error && <ProblemAlert error={choose.error} />}
      <fieldset className="purposes">
        <legend>
          <T id="app.purpose.which" />
        </legend>
        {state.purposes.map((p) => (
          <Radio key={p.id} id={`purpose-${p.id}`} name="purpose" label={text(p.label)} isChecked={purpose === p.id} onChange={() => setPurpose(p.id)} />
        ))}
      </fieldset>
      <FormGroup label={<T id="app.purpose.reason" />} fieldId="purpose-reason" isRequired={state.reason_needed}>
        <TextInput id="purpose-reason" dir="auto" value={reason} onChange={(_, v) => setReason(v)} autoComplete="off" aria-describedby="purpose-hint" isRequired={state.reason_needed} />
        <FormHelperText>
          <HelperText id="purpose-hint">
            <HelperTextItem>
              <T id={state.reason_needed ? 'app.purpose.reasonNeeded' : 'app.purpose.reasonHint'} values={{ n: least }} />
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <div className="acts">
        <Button type="submit" isDisabled={!ready}>
          <T id="app.purpose.go" />
        </Button>
        {onCancel && (
          <Button variant="link" onClick={onCancel}>
            <T id="ui.cancel" />
          </Button>
        )}
      </div>
    </Form>
  );
}
