import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { approvals, type Approval } from '../../../api/rights';
import { useServerEvent } from '../../../app/events';
import { useMissing } from '../../../app/missing';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Moment } from '../../../ui/Words';
import { ListPage, None, Table } from '../Page';
import { DecideDialog } from './DecideDialog';
import { perform, performable } from './perform';
import { What } from './What';

const KEY = ['approvals'] as const;

function Row({ of, onDecide, onDo, onWithdraw, busy }: { of: Approval; onDecide: () => void; onDo: () => void; onWithdraw: () => void; busy: boolean }) {
  const t = useT();
  return (
    <tr>
      <td className="wrap">
        <What of={of} />
      </td>
      <td>
        <bdi>{of.requester?.name}</bdi>
      </td>
      <td className="wrap">
        <bdi>{of.reason}</bdi>
      </td>
      <td>
        <Moment at={of.asked} />
      </td>
      <td className="wrap">
        {t(`safeguards.state.${of.state}`)}
        {of.approver && (
          <>
            {' · '}
            <bdi>{of.approver.name}</bdi>
          </>
        )}
        {of.until && (
          <>
            {' · '}
            <T id="safeguards.approvals.until" /> <Moment at={of.until} />
          </>
        )}
        {of.note && (
          <div className="muted">
            <bdi>{of.note}</bdi>
          </div>
        )}
      </td>
      <td className="end nowrap">
        {of.may_decide && (
          <Button size="sm" isDisabled={busy} onClick={onDecide}>
            <T id="safeguards.approvals.decide" />
          </Button>
        )}
        {of.mine && of.state === 'approved' && performable(of) && (
          <Button size="sm" isDisabled={busy} onClick={onDo}>
            <T id="safeguards.approvals.do" />
          </Button>
        )}
        {of.mine && of.state === 'waiting' && (
          <Button size="sm" variant="secondary" isDisabled={busy} onClick={onWithdraw}>
            <T id="safeguards.withdraw" />
          </Button>
        )}
      </td>
    </tr>
  );
}

export default function ApprovalsPage() {
  const cache = useQueryClient();
  const missing = useMissing();
  const list = useQuery({ queryKey: KEY, queryFn: ({ signal }) => approvals.all(signal) });
  useServerEvent('alarm', () => void cache.invalidateQueries({ queryKey: KEY }));
  const [deciding, setDeciding] = useState<Approval | null>(null);
  const act = useMutation({ mutationFn: (f: () => Promise<void>) => missing(f), onSettled: () => cache.invalidateQueries() });
  return (
    <ListPage title="safeguards.approvals.title">
      {act.error && <ProblemAlert error={act.error} />}
      <p role="status">{act.isSuccess && <T id="safeguards.done" />}</p>
      <Loaded query={list}>
        {({ approvals: all }) =>
          all.length === 0 ? (
            <None id="safeguards.approvals.none" />
          ) : (
            <Table columns={['safeguards.approvals.what', 'safeguards.approvals.requester', 'safeguards.approvals.reason', 'safeguards.approvals.asked', 'safeguards.approvals.state']}>
              {all.map((a) => (
                <Row key={a.id} of={a} busy={act.isPending} onDecide={() => setDeciding(a)} onDo={() => act.mutate(() => perform(a))} onWithdraw={() => act.mutate(() => approvals.withdraw(a.id))} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {deciding && <DecideDialog approval={deciding} onClose={() => setDeciding(null)} />}
    </ListPage>
  );
}
