import { Button, Checkbox, Form, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { CaseChoice } from './CaseChoice';
import { OPENINGS, register, type Case, type State } from './data';
import { handedCode } from './handOver';
import { Refused } from './Refused';

const MINUTES = [5, 10, 15];

// The request that a second person of another organ is shown, word for word, and signs.
export function Ask({ state, cases, onDone }: { state: State; cases: Case[]; onDone: () => void }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const purposes = state.purposes.filter((p) => p.id !== 'registration');
  const [inCase, setCase] = useState(cases[0]!.number);
  const [code, setCode] = useState(handedCode);
  const [fields, setFields] = useState<string[]>([]);
  const [purpose, setPurpose] = useState(purposes[0]?.id ?? '');
  const [minutes, setMinutes] = useState(10);
  const ask = useMutation({
    mutationFn: () => register.open(state, { case: inCase, code: code.trim().toUpperCase(), fields, purpose, minutes }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: OPENINGS });
      onDone();
    },
  });
  const ready = code.trim() !== '' && fields.length > 0 && purpose !== '' && !ask.isPending;
  return (
    <Form
      className="tight"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) ask.mutate();
      }}
    >
      <p className="muted">
        <T id="identity.ask.body" />
      </p>
      {ask.error && <Refused error={ask.error} />}
      <CaseChoice id="ask-case" cases={cases} value={inCase} onChange={setCase} />
      <FormGroup label={<T id="identity.code" />} fieldId="ask-code" isRequired>
        <TextInput id="ask-code" isRequired dir="ltr" value={code} onChange={(_, v) => setCode(v)} autoComplete="off" />
      </FormGroup>
      <FormGroup role="group" label={<T id="identity.fields" />} fieldId="ask-fields" isRequired>
        <div className="identity-choices">
          {state.fields.map((f) => (
            <Checkbox
              key={f}
              id={`ask-field-${f}`}
              label={t(`identity.field.${f}`)}
              isChecked={fields.includes(f)}
              onChange={(_, on) => setFields((all) => (on ? [...all, f] : all.filter((one) => one !== f)))}
            />
          ))}
        </div>
      </FormGroup>
      <FormGroup label={<T id="identity.purpose" />} fieldId="ask-purpose" isRequired>
        <FormSelect id="ask-purpose" value={purpose} onChange={(_, v) => setPurpose(v)}>
          {purposes.map((p) => (
            <FormSelectOption key={p.id} value={p.id} label={label(p.label)} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label={<T id="identity.minutes" />} fieldId="ask-minutes">
        <FormSelect id="ask-minutes" value={minutes} onChange={(_, v) => setMinutes(Number(v))}>
          {MINUTES.filter((m) => m * 60 <= state.opening_seconds).map((m) => (
            <FormSelectOption key={m} value={m} label={t('identity.minutes.n', { n: m })} />
          ))}
        </FormSelect>
      </FormGroup>
      <Button type="submit" isDisabled={!ready} isLoading={ask.isPending}>
        <T id="identity.ask.go" />
      </Button>
    </Form>
  );
}
