import { Alert, Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { useState, type FormEvent } from 'react';
import { me } from '../../api/server';
import { Copyable } from '../../ui/Copyable';
import { T, useT } from '../../ui/i18n';
import { useProblemText } from '../problem';

const PASSWORD_MIN = 12;

function Password({ busy, onSend }: { busy: boolean; onSend: (password: string) => void }) {
  const [password, setPassword] = useState('');
  const enough = password.length >= PASSWORD_MIN;
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (enough) onSend(password);
  };
  return (
    <Form onSubmit={send} className="tight">
      <FormGroup label={<T id="app.totp.password" />} fieldId="new-password" isRequired>
        <TextInput id="new-password" type="password" isRequired value={password} onChange={(_, v) => setPassword(v)} autoComplete="new-password" aria-describedby="new-password-hint" />
        <FormHelperText>
          <HelperText id="new-password-hint">
            <HelperTextItem>
              <T id="app.totp.hint" values={{ n: PASSWORD_MIN }} />
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <Button type="submit" variant="secondary" isDisabled={busy || !enough}>
        <T id="app.totp.begin" />
      </Button>
    </Form>
  );
}

function Confirm({ secret, uri, busy, onSend }: { secret: string; uri: string; busy: boolean; onSend: (code: string) => void }) {
  const t = useT();
  const [code, setCode] = useState('');
  const send = (e: FormEvent) => {
    e.preventDefault();
    onSend(code.replaceAll(' ', ''));
  };
  return (
    <Form onSubmit={send} className="tight">
      <p>
        <T id="app.totp.secret" />
      </p>
      <Copyable text={secret.replace(/(.{4})(?=.)/g, '$1 ')} label={t('app.totp.secretLabel')} />
      <a href={uri}>
        <T id="app.totp.open" />
      </a>
      <FormGroup label={<T id="app.signIn.code" />} fieldId="totp-code" isRequired>
        <TextInput id="totp-code" isRequired inputMode="numeric" value={code} onChange={(_, v) => setCode(v)} autoComplete="one-time-code" />
      </FormGroup>
      <Button type="submit" isDisabled={busy || !code.trim()}>
        <T id="app.totp.confirm" />
      </Button>
    </Form>
  );
}

// A password with codes of an authenticator app, for who has no passkey.
export function TotpForm({ onDone }: { onDone: () => void }) {
  const text = useProblemText();
  const [given, setGiven] = useState<{ secret: string; uri: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    work()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {error !== null && <Alert variant="danger" isInline title={text(error)} className="below" />}
      {given ? (
        <Confirm {...given} busy={busy} onSend={(code) => run(() => me.totpConfirm(code).then(onDone))} />
      ) : (
        <Password busy={busy} onSend={(password) => run(() => me.totp(password).then(setGiven))} />
      )}
    </>
  );
}
