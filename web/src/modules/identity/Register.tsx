import { Alert, Button, Form, FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem, TextArea, TextInput } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useMissing } from '../../app/missing';
import { Copyable } from '../../ui/Copyable';
import { T, useT } from '../../ui/i18n';
import { CaseChoice } from './CaseChoice';
import { register, type Case, type Contact, type Form as Person, type Relative, type State } from './data';
import { Refused } from './Refused';

const lines = (text: string, at: string | RegExp = '\n') =>
  text
    .split(at)
    .map((l) => l.trim())
    .filter(Boolean);

function Lines<L>({ title, of, none, onChange, children }: { title: string; of: L[]; none: L; onChange: (of: L[]) => void; children: (line: L, set: (line: L) => void, n: number) => ReactNode }) {
  const t = useT();
  return (
    <FormGroup role="group" label={<T id={title} />} fieldId={title}>
      {of.map((line, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- a line is known by its place only
        <div key={i} className="identity-line">
          {children(line, (next) => onChange(of.map((l, j) => (j === i ? next : l))), i + 1)}
          <Button variant="link" size="sm" onClick={() => onChange(of.filter((_, j) => j !== i))} aria-label={t('identity.line.remove', { n: i + 1 })}>
            <T id="identity.remove" />
          </Button>
        </div>
      ))}
      <Button variant="secondary" size="sm" onClick={() => onChange([...of, none])}>
        <T id={`${title}.add`} />
      </Button>
    </FormGroup>
  );
}

// A person is registered, and from then on is a code. There is no field for a place: where somebody lives or was moved
// to is not written down here, nor anywhere else in Custos.
export function Register({ state, cases }: { state: State; cases: Case[] }) {
  const t = useT();
  const missing = useMissing();
  const [inCase, setCase] = useState(cases[0]!.number);
  const [names, setNames] = useState('');
  const [aliases, setAliases] = useState('');
  const [born, setBorn] = useState('');
  const [languages, setLanguages] = useState('');
  const [contacts, setContacts] = useState<Contact[]>([]);
  const [household, setHousehold] = useState<Relative[]>([]);
  const form: Person = { names: lines(names), aliases: lines(aliases), born: born.trim(), contacts, household, languages: lines(languages, ',') };
  const add = useMutation({
    mutationFn: () => missing(() => register.add(state, inCase, form)),
    onSuccess: () => {
      for (const clear of [setNames, setAliases, setBorn, setLanguages]) clear('');
      setContacts([]);
      setHousehold([]);
    },
  });
  const hint = (id: string, text: string) => (
    <FormHelperText>
      <HelperText id={id}>
        <HelperTextItem>
          <T id={text} />
        </HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
  return (
    <Form
      className="tight"
      onSubmit={(e) => {
        e.preventDefault();
        if (names.trim()) add.mutate();
      }}
    >
      <p className="muted">
        <T id="identity.register.body" />
      </p>
      {add.error && <Refused error={add.error} />}
      {add.data && (
        <Alert variant="success" isInline isLiveRegion title={t('identity.register.done')}>
          <Copyable text={add.data.code} label={t('identity.code')} />
        </Alert>
      )}
      <CaseChoice id="register-case" cases={cases} value={inCase} onChange={setCase} />
      <FormGroup label={<T id="identity.field.names" />} fieldId="register-names" isRequired>
        <TextArea id="register-names" isRequired dir="auto" value={names} onChange={(_, v) => setNames(v)} autoComplete="off" aria-describedby="register-names-hint" resizeOrientation="vertical" />
        {hint('register-names-hint', 'identity.oneALine')}
      </FormGroup>
      <FormGroup label={<T id="identity.field.aliases" />} fieldId="register-aliases">
        <TextArea id="register-aliases" dir="auto" value={aliases} onChange={(_, v) => setAliases(v)} autoComplete="off" aria-describedby="register-aliases-hint" resizeOrientation="vertical" />
        {hint('register-aliases-hint', 'identity.oneALine')}
      </FormGroup>
      <FormGroup label={<T id="identity.field.born" />} fieldId="register-born">
        <TextInput id="register-born" dir="ltr" value={born} onChange={(_, v) => setBorn(v)} autoComplete="off" placeholder="1970-02-03" />
      </FormGroup>
      <FormGroup label={<T id="identity.field.languages" />} fieldId="register-languages">
        <TextInput id="register-languages" dir="ltr" value={languages} onChange={(_, v) => setLanguages(v)} autoComplete="off" placeholder="bs, fr" />
      </FormGroup>
      <Lines title="identity.field.contacts" of={contacts} none={{ kind: 'telephone', value: '' }} onChange={setContacts}>
        {(line, set, n) => (
          <>
            <FormSelect value={line.kind} onChange={(_, kind) => set({ ...line, kind })} aria-label={t('identity.contact.kind', { n })}>
              {['telephone', 'mail', 'message', 'through'].map((kind) => (
                <FormSelectOption key={kind} value={kind} label={t(`identity.contact.${kind}`)} />
              ))}
            </FormSelect>
            <TextInput dir="auto" value={line.value} onChange={(_, value) => set({ ...line, value })} aria-label={t('identity.contact.value', { n })} autoComplete="off" />
          </>
        )}
      </Lines>
      <Lines title="identity.field.household" of={household} none={{ name: '', relation: '', born: '' }} onChange={setHousehold}>
        {(line, set, n) => (
          <>
            {(['name', 'relation', 'born'] as const).map((column) => (
              <TextInput
                key={column}
                dir="auto"
                value={line[column]}
                onChange={(_, v) => set({ ...line, [column]: v })}
                aria-label={t(`identity.household.${column}`, { n })}
                placeholder={t(`identity.household.${column}.short`)}
                autoComplete="off"
              />
            ))}
          </>
        )}
      </Lines>
      <Button type="submit" isDisabled={!names.trim() || add.isPending} isLoading={add.isPending}>
        <T id="identity.register.go" />
      </Button>
    </Form>
  );
}
