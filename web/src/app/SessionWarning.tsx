// Two minutes before the session ends the page says so, in place and without taking the focus.
import { Alert, AlertActionLink } from '@patternfly/react-core';
import { useEffect, useMemo, useState } from 'react';
import { lastAnswerAt } from '../api/client';
import { T } from '../ui/i18n';
import { Duration } from '../ui/Words';
import { useServerEvent } from './events';
import { endingOf, limitsOf, toWarn } from './idle';
import { usePerson, useSession } from './session';

export function SessionWarning() {
  const { refresh } = useSession();
  const session = usePerson();
  const [ends, setEnds] = useState(session.ends);
  const [now, setNow] = useState(Date.now);
  // Only a new answer about the session moves the base that idleness is counted from.
  const limits = useMemo(() => limitsOf(session.idle_until, ends, lastAnswerAt()), [session, ends]);
  useServerEvent('session', (e) => setEnds(e.ends));
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  const ending = endingOf(limits, lastAnswerAt());
  useEffect(() => {
    // Past the end: the server's answer decides, and signs out here as well.
    if (now > ending.at) void refresh();
  }, [now, ending.at, refresh]);
  if (!toWarn(ending, now)) return null;
  return (
    <Alert
      variant="warning"
      isInline
      className="session-warning"
      title={<T id={ending.kind === 'idle' ? 'app.expiry.idle' : 'app.expiry.absolute'} values={{ left: <Duration seconds={(ending.at - now) / 1000} /> }} />}
      actionLinks={
        ending.kind === 'idle' && (
          <AlertActionLink onClick={() => void refresh()}>
            <T id="app.expiry.stay" />
          </AlertActionLink>
        )
      }
    />
  );
}
