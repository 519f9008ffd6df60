// Who came by a link enrols a way to sign in before anything else is shown.
import { Button, Divider } from '@patternfly/react-core';
import { T } from '../../ui/i18n';
import { useSession } from '../session';
import { Frame } from './Frame';
import { PasskeyForm } from './PasskeyForm';
import { TotpForm } from './TotpForm';

export default function Enrol() {
  const { session, refresh, signOut } = useSession();
  const done = () => void refresh();
  return (
    <Frame title="app.enrol.title">
      <p className="below">
        <T id="app.enrol.body" values={{ name: <bdi key="name">{session?.person.name}</bdi> }} />
      </p>
      <h2>
        <T id="app.enrol.passkey" />
      </h2>
      <PasskeyForm onDone={done} />
      <Divider className="gap" />
      <h2>
        <T id="app.enrol.totp" />
      </h2>
      <TotpForm onDone={done} />
      <Divider className="gap" />
      <Button variant="link" isInline onClick={() => void signOut()}>
        <T id="app.signOut" />
      </Button>
    </Frame>
  );
}
