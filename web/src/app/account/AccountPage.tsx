import { Checkbox } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { T, useT } from '../../ui/i18n';
import { Facts } from '../../ui/Facts';
import { Moment } from '../../ui/Words';
import { usePrefs } from '../prefs';
import { useMay, usePerson, useSession } from '../session';
import { PasskeyForm } from '../signin/PasskeyForm';
import { TotpForm } from '../signin/TotpForm';
import { KEYS, KeyList } from './KeyList';
import { SealOffice } from './SealOffice';
import { SessionList } from './SessionList';

// Everything that is the person's own: how they sign in, where they are signed in, how keys behave.
export default function AccountPage() {
  const t = useT();
  const { keys, setKeys } = usePrefs();
  const may = useMay();
  const { person, strength, ends } = usePerson();
  const [added, setAdded] = useState(false);
  const cache = useQueryClient();
  const { refresh } = useSession();
  const onAdded = () => {
    setAdded(true);
    void refresh();
    void cache.invalidateQueries({ queryKey: KEYS });
  };
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="app.account.title" />
        </h1>
      </div>
      <div className="scroll pad cards">
        <section className="card">
          <h2>
            <T id="app.account.you" />
          </h2>
          <Facts
            rows={[
              [<T key="l" id="app.signIn.name" />, <bdi key="v">{person.name}</bdi>],
              [<T key="l" id="app.account.strength" />, t(`app.strength.${strength}`)],
              [<T key="l" id="app.account.ends" />, <Moment key="v" at={ends} />],
            ]}
          />
          <Checkbox id="account-keys" className="above" label={t('app.keys.on')} description={t('app.keys.hint')} isChecked={keys} onChange={(_, on) => setKeys(on)} />
        </section>
        <section className="card">
          <h2>
            <T id="app.account.passkey" />
          </h2>
          <PasskeyForm onDone={onAdded} />
          <p role="status">{added && <T id="app.account.added" />}</p>
        </section>
        <section className="card">
          <h2>
            <T id="app.account.totp" />
          </h2>
          <TotpForm onDone={() => setAdded(true)} />
        </section>
        {may('office.seal') && <SealOffice />}
        <KeyList />
        <SessionList />
      </div>
    </div>
  );
}
