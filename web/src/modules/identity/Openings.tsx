import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useServerEvent } from '../../app/events';
import { Loaded } from '../../app/problem';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { Code, Moment } from '../../ui/Words';
import { OPENINGS, canRead, register, type Asked, type Opening, type State } from './data';
import { Decide } from './Decide';
import { OpenedCard } from './OpenedCard';
import { Refused } from './Refused';

function Row({ of, state, onDecide, onShow, onClose }: { of: Opening; state: State; onDecide: () => void; onShow: () => void; onClose: () => void }) {
  const t = useT();
  const label = useLabel();
  const asked = JSON.parse(of.request) as Asked;
  const going = of.state === 'signed' || of.state === 'permitted';
  return (
    <tr>
      <td>
        <Code>{asked.code}</Code>
      </td>
      <td>
        <Code>{of.case}</Code>
      </td>
      <td className="wrap">{asked.fields.map((f) => t(`identity.field.${f}`)).join(', ')}</td>
      <td className="wrap">{label(state.purposes.find((p) => p.id === asked.purpose)?.label) || asked.purpose}</td>
      <td className="wrap">
        <bdi>{[of.requester?.name, of.approver?.name].filter(Boolean).join(', ')}</bdi>
      </td>
      <td className="wrap">
        {t(`identity.opening.${of.state}`)}
        {going && (
          <div className="muted">
            <T id="identity.until" /> <Moment at={of.until} />
          </div>
        )}
      </td>
      <td className="end nowrap">
        {of.may_decide && (
          <Button size="sm" onClick={onDecide}>
            <T id="identity.decide" />
          </Button>
        )}
        {of.mine && of.state === 'permitted' && canRead(of.id) && (
          <Button size="sm" onClick={onShow}>
            <T id="identity.show" />
          </Button>
        )}
        {of.mine && of.state === 'permitted' && !canRead(of.id) && (
          <span className="muted">
            <T id="identity.otherPage.short" />
          </span>
        )}
        {of.mine && going && (
          <Button size="sm" variant="secondary" onClick={onClose}>
            <T id="identity.close" />
          </Button>
        )}
      </td>
    </tr>
  );
}

const COLUMNS = ['identity.code', 'identity.case', 'identity.fields', 'identity.purpose', 'identity.people', 'identity.standing'];

export function Openings({ state }: { state: State }) {
  const cache = useQueryClient();
  const again = () => void cache.invalidateQueries({ queryKey: OPENINGS });
  const list = useQuery({ queryKey: OPENINGS, queryFn: ({ signal }) => register.openings(signal) });
  useServerEvent('alarm', again);
  const [deciding, setDeciding] = useState<Opening | null>(null);
  // What was opened stands in this part of the page alone, and in no cache.
  const show = useMutation({ mutationFn: (id: string) => register.show(id), gcTime: 0 });
  const close = useMutation({ mutationFn: (id: string) => register.close(id), onSettled: again });
  const end = (id: string) => {
    show.reset();
    close.mutate(id);
  };
  return (
    <>
      {show.error && <Refused error={show.error} />}
      {close.error && <Refused error={close.error} />}
      {show.data && (
        <OpenedCard
          of={show.data}
          onClose={() => end(show.variables)}
          onOver={() => {
            register.forget(show.variables);
            show.reset();
            again();
          }}
        />
      )}
      <Loaded query={list}>
        {({ openings }) =>
          openings.length === 0 ? (
            <p className="muted">
              <T id="identity.openings.none" />
            </p>
          ) : (
            <table className="dt">
              <thead>
                <tr>
                  {COLUMNS.map((c) => (
                    <th key={c} scope="col">
                      <T id={c} />
                    </th>
                  ))}
                  <th scope="col">
                    <span className="sr">
                      <T id="identity.acts" />
                    </span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {openings.map((o) => (
                  <Row key={o.id} of={o} state={state} onDecide={() => setDeciding(o)} onShow={() => show.mutate(o.id)} onClose={() => end(o.id)} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {deciding && <Decide of={deciding} state={state} onClose={() => setDeciding(null)} onDone={again} />}
    </>
  );
}
