import { Alert, Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useMissing } from '../../app/missing';
import { T, useT } from '../../ui/i18n';
import { CaseChoice } from './CaseChoice';
import { register, type Case, type State } from './data';
import { Refused } from './Refused';

// "Is this person known?": one word for an answer. The name leaves this page sealed for the register.
export function Known({ state, cases }: { state: State; cases: Case[] }) {
  const t = useT();
  const missing = useMissing();
  const [inCase, setCase] = useState(cases[0]!.number);
  const [name, setName] = useState('');
  const [born, setBorn] = useState('');
  const ask = useMutation({
    mutationFn: () => missing(() => register.known(state, inCase, { names: [name.trim()], born: born.trim() })),
  });
  return (
    <Form
      className="tight"
      onSubmit={(e) => {
        e.preventDefault();
        if (name.trim()) ask.mutate();
      }}
    >
      <p className="muted">
        <T id="identity.known.body" />
      </p>
      {ask.error && <Refused error={ask.error} />}
      {ask.data && (
        <Alert variant={ask.data.answer === 'no' ? 'success' : 'warning'} isInline isLiveRegion title={t(`identity.known.${ask.data.answer}`)} />
      )}
      <CaseChoice id="known-case" cases={cases} value={inCase} onChange={setCase} />
      <FormGroup label={<T id="identity.known.name" />} fieldId="known-name" isRequired>
        <TextInput
          id="known-name"
          isRequired
          dir="auto"
          value={name}
          onChange={(_, v) => {
            setName(v);
            ask.reset();
          }}
          autoComplete="off"
        />
      </FormGroup>
      <FormGroup label={<T id="identity.field.born" />} fieldId="known-born">
        <TextInput id="known-born" dir="ltr" value={born} onChange={(_, v) => setBorn(v)} autoComplete="off" placeholder="1970-02-03" />
      </FormGroup>
      <Button type="submit" isDisabled={!name.trim() || ask.isPending} isLoading={ask.isPending}>
        <T id="identity.known.go" />
      </Button>
    </Form>
  );
}
