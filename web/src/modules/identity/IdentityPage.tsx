// The identity register: what it is asked, what waits for a second person, and what is open for a few minutes.
import { Alert, Button, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useServerEvent } from '../../app/events';
import { Loaded, ProblemAlert } from '../../app/problem';
import { T, useT } from '../../ui/i18n';
import { Admission } from './Admission';
import { Ask } from './Ask';
import { STATE, register, type State } from './data';
import { handedCode } from './handOver';
import { Known } from './Known';
import { Openings } from './Openings';
import { Register } from './Register';
import './identity.css';

function Seal({ onDone }: { onDone: () => void }) {
  const t = useT();
  const [sure, setSure] = useState(false);
  const seal = useMutation({ mutationFn: register.seal, onSuccess: onDone });
  if (!sure) {
    return (
      <Button size="sm" variant="danger" onClick={() => setSure(true)}>
        <T id="identity.seal" />
      </Button>
    );
  }
  return (
    <Alert
      variant="warning"
      isInline
      title={t('identity.seal.sure')}
      actionLinks={
        <>
          <Button variant="danger" size="sm" isDisabled={seal.isPending} onClick={() => seal.mutate()}>
            <T id="identity.seal" />
          </Button>
          <Button variant="link" size="sm" onClick={() => setSure(false)}>
            <T id="ui.cancel" />
          </Button>
        </>
      }
    >
      {seal.error && <ProblemAlert error={seal.error} />}
    </Alert>
  );
}

function Parts({ state }: { state: State }) {
  const t = useT();
  const opens = state.cases.filter((c) => c.may_open);
  const [tab, setTab] = useState(() => (opens.length > 0 && handedCode() ? 'ask' : 'openings'));
  const registers = state.cases.filter((c) => c.may_register);
  const parts: [string, boolean, ReactNode][] = [
    ['openings', true, <Openings key="openings" state={state} />],
    ['ask', opens.length > 0, <Ask key="ask" state={state} cases={opens} onDone={() => setTab('openings')} />],
    ['register', registers.length > 0, <Register key="register" state={state} cases={registers} />],
    ['known', registers.length > 0, <Known key="known" state={state} cases={registers} />],
  ];
  return (
    <Tabs activeKey={tab} onSelect={(_, key) => setTab(String(key))} aria-label={t('identity.title')} mountOnEnter unmountOnExit>
      {parts.map(
        ([name, offered, part]) =>
          offered && (
            <Tab key={name} eventKey={name} title={<TabTitleText>{t(`identity.tab.${name}`)}</TabTitleText>}>
              <div className="above identity-part">{part}</div>
            </Tab>
          ),
      )}
    </Tabs>
  );
}

export default function IdentityPage() {
  const t = useT();
  const cache = useQueryClient();
  const query = useQuery({ queryKey: STATE, queryFn: ({ signal }) => register.state(signal) });
  const again = () => void cache.invalidateQueries({ queryKey: STATE });
  useServerEvent('alarm', again);
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="identity.title" />
        </h1>
        <span className="grow" />
        {query.data?.may_seal && query.data.register.state === 'open' && <Seal onDone={again} />}
      </div>
      <section className="scroll pad" tabIndex={0} aria-label={t('identity.title')}>
        <Loaded query={query}>
          {(state) => {
            if (state.register.state !== 'open') {
              return <Alert variant="info" isInline title={t(`identity.state.${state.register.state}`)} />;
            }
            if (state.roles.length === 0) return <Alert variant="info" isInline title={t('identity.noRole')} />;
            return state.me.standing.some((s) => s.state === 'admitted') ? <Parts state={state} /> : <Admission state={state} />;
          }}
        </Loaded>
      </section>
    </div>
  );
}
