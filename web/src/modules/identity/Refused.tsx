import { Alert } from '@patternfly/react-core';
import { ProblemAlert } from '../../app/problem';
import { useT } from '../../ui/i18n';

// What the register or the passkey said no to. A passkey that was not used is no fault of the page.
export function Refused({ error }: { error: unknown }) {
  const t = useT();
  if (!(error instanceof DOMException)) return <ProblemAlert error={error} />;
  return <Alert variant="danger" isInline title={t(error.name === 'NotReadableError' ? 'identity.otherPage' : 'identity.passkeyStopped')} />;
}
