import { Alert, Button, Form, FormGroup, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { makePasskey, passkeysWork } from '../../api/passkey';
import { me } from '../../api/server';
import { T, useT } from '../../ui/i18n';
import { useProblemText } from '../problem';

// Registers a passkey of this device or of a security key.
export function PasskeyForm({ onDone }: { onDone: () => void }) {
  const t = useT();
  const text = useProblemText();
  const [label, setLabel] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const enrol = async () => {
    setBusy(true);
    setError(null);
    try {
      await me.passkeyFinish(await makePasskey(await me.passkeyBegin(), label.trim() || t('app.passkey.unnamed')));
      onDone();
    } catch (e) {
      setError(e);
    }
    setBusy(false);
  };
  return (
    <Form
      className="tight"
      onSubmit={(e) => {
        e.preventDefault();
        void enrol();
      }}
    >
      {error !== null && <Alert variant="danger" isInline title={error instanceof DOMException ? t('app.passkey.stopped') : text(error)} />}
      <FormGroup label={<T id="app.passkey.label" />} fieldId="passkey-label">
        <TextInput id="passkey-label" value={label} onChange={(_, v) => setLabel(v)} autoComplete="off" placeholder={t('app.passkey.unnamed')} />
      </FormGroup>
      <Button type="submit" isDisabled={busy || !passkeysWork()} isLoading={busy}>
        <T id="app.passkey.add" />
      </Button>
      {!passkeysWork() && (
        <p className="muted">
          <T id="app.passkey.missing" />
        </p>
      )}
    </Form>
  );
}
