import { Button, Divider, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useState, type FormEvent } from 'react';
import { askPasskey, passkeysWork } from '../../api/passkey';
import { session as server } from '../../api/server';
import { T } from '../../ui/i18n';
import { useProblemText } from '../problem';
import { useSession } from '../session';
import { Alert } from '@patternfly/react-core';
import { DirectoryForm } from './DirectoryForm';
import { Frame } from './Frame';

type Act = { busy: boolean; error: unknown };

function useAct(): [Act, (work: () => Promise<void>) => void] {
  const [act, setAct] = useState<Act>({ busy: false, error: null });
  const run = (work: () => Promise<void>) => {
    setAct({ busy: true, error: null });
    work()
      .then(() => setAct({ busy: false, error: null }))
      .catch((error: unknown) => setAct({ busy: false, error }));
  };
  return [act, run];
}

function PasswordForm({ busy, onSend }: { busy: boolean; onSend: (name: string, password: string, code: string) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const send = (e: FormEvent) => {
    e.preventDefault();
    onSend(name.trim(), password, code.replaceAll(' ', ''));
  };
  return (
    <Form onSubmit={send} className="tight">
      <FormGroup label={<T id="app.signIn.name" />} fieldId="name" isRequired>
        <TextInput id="name" isRequired value={name} onChange={(_, v) => setName(v)} autoComplete="off" />
      </FormGroup>
      <FormGroup label={<T id="app.signIn.password" />} fieldId="password" isRequired>
        <TextInput id="password" type="password" isRequired value={password} onChange={(_, v) => setPassword(v)} autoComplete="off" />
      </FormGroup>
      <FormGroup label={<T id="app.signIn.code" />} fieldId="code" isRequired>
        <TextInput id="code" isRequired inputMode="numeric" value={code} onChange={(_, v) => setCode(v)} autoComplete="one-time-code" />
      </FormGroup>
      <Button type="submit" variant="secondary" isDisabled={busy || !name.trim() || !password || !code}>
        <T id="app.signIn.go" />
      </Button>
    </Form>
  );
}

export function SignIn() {
  const { signedIn } = useSession();
  const text = useProblemText();
  const [act, run] = useAct();
  const byPasskey = () =>
    run(async () => {
      const begun = await server.passkeyBegin();
      signedIn(await server.passkeyFinish(await askPasskey(begun)));
    });
  const message = act.error instanceof DOMException ? <T id="app.passkey.stopped" /> : act.error ? text(act.error) : null;
  return (
    <Frame title="app.signIn.title">
      {message && <Alert variant="danger" isInline title={message} className="below" />}
      <Button isBlock onClick={byPasskey} isDisabled={act.busy || !passkeysWork()} isLoading={act.busy}>
        <T id="app.signIn.passkey" />
      </Button>
      {!passkeysWork() && (
        <p className="muted above">
          <T id="app.passkey.missing" />
        </p>
      )}
      <DirectoryForm busy={act.busy} run={run} />
      <Divider className="gap" />
      <PasswordForm busy={act.busy} onSend={(name, password, code) => run(async () => signedIn(await server.byPassword({ name, password, code })))} />
    </Frame>
  );
}
