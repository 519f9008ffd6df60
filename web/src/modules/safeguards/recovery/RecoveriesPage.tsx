import { Alert, Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recoveries, type Recovery } from '../../../api/rights';
import { useServerEvent } from '../../../app/events';
import { useMissing } from '../../../app/missing';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { Copyable } from '../../../ui/Copyable';
import { T, useT } from '../../../ui/i18n';
import { Moment } from '../../../ui/Words';
import { ListPage, None, Table } from '../Page';
import { AskDialog } from './AskDialog';

const KEY = ['recoveries'] as const;
type Act = 'approve' | 'link' | 'withdraw';

function Row({ of, busy, onAct }: { of: Recovery; busy: boolean; onAct: (act: Act) => void }) {
  const t = useT();
  const offered: [Act, boolean][] = [
    ['approve', of.may_approve],
    ['link', of.may_link],
    ['withdraw', of.may_withdraw],
  ];
  return (
    <tr>
      <td>
        <bdi>{of.person?.name}</bdi>
      </td>
      <td className="wrap">
        <bdi>{of.reason}</bdi>
      </td>
      <td>
        <Moment at={of.asked} />
      </td>
      <td className="wrap">
        <bdi>{[of.requester?.name, of.approver?.name].filter(Boolean).join(', ')}</bdi>
      </td>
      <td className="wrap">
        {t(`safeguards.recovery.state.${of.state}`)}
        {of.link_from && (
          <div className="muted">
            <T id="safeguards.recovery.from" /> <Moment at={of.link_from} />
          </div>
        )}
      </td>
      <td className="end nowrap">
        {offered.map(
          ([act, may]) =>
            may && (
              <Button key={act} size="sm" variant={act === 'withdraw' ? 'secondary' : 'primary'} isDisabled={busy} onClick={() => onAct(act)}>
                {t(`safeguards.recovery.${act}`)}
              </Button>
            ),
        )}
      </td>
    </tr>
  );
}

// Who lost every key: two officers of different organs, a time to object, one link.
export default function RecoveriesPage() {
  const t = useT();
  const may = useMay();
  const cache = useQueryClient();
  const missing = useMissing();
  const again = () => cache.invalidateQueries({ queryKey: KEY });
  const list = useQuery({ queryKey: KEY, queryFn: ({ signal }) => recoveries.all(signal) });
  useServerEvent('alarm', () => void again());
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: ({ act: what, id }: { act: Act; id: string }) => missing<unknown>(() => recoveries[what](id)),
    onSettled: again,
  });
  const link = (act.data as { link?: string } | undefined)?.link;
  return (
    <ListPage
      title="safeguards.recovery.title"
      tools={
        may('admin.recovery.ask') && (
          <Button size="sm" onClick={() => setAsking(true)}>
            <T id="safeguards.recovery.ask" />
          </Button>
        )
      }
    >
      {act.error && <ProblemAlert error={act.error} />}
      {link && (
        <Alert variant="info" isInline className="below" title={t('safeguards.recovery.linkTitle')}>
          <Copyable text={link} label={t('safeguards.recovery.linkLabel')} />
        </Alert>
      )}
      <Loaded query={list}>
        {({ recoveries: all }) =>
          all.length === 0 ? (
            <None id="safeguards.recovery.none" />
          ) : (
            <Table columns={['safeguards.recovery.person', 'safeguards.recovery.reason', 'safeguards.recovery.asked', 'safeguards.recovery.officers', 'safeguards.recovery.state']}>
              {all.map((r) => (
                <Row key={r.id} of={r} busy={act.isPending} onAct={(what) => act.mutate({ act: what, id: r.id })} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {asking && <AskDialog onClose={() => setAsking(false)} onDone={() => void again()} />}
    </ListPage>
  );
}
