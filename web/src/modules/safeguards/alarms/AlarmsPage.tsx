import { Button } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { alarms, type Alarm } from '../../../api/rights';
import { ALARMS, useAlarms } from '../../../app/alarms';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Code, Moment } from '../../../ui/Words';
import { ListPage, None, Table } from '../Page';

const place = (kind: string) => kind.startsWith('identity') ? '/identity' : (kind.startsWith('recovery') ? '/recoveries' : kind.startsWith('approv') ? '/approvals' : '/break-glass');

function Row({ of, busy, onSeen }: { of: Alarm; busy: boolean; onSeen: () => void }) {
  const t = useT();
  const kind = t(`safeguards.alarm.${of.kind}`);
  return (
    <tr>
      <td>
        <Moment at={of.at} />
      </td>
      <td className="wrap">
        <Link to={place(of.kind)}>{of.seen ? kind : <strong>{kind}</strong>}</Link>
      </td>
      <td>
        <bdi>{of.about.name}</bdi>
      </td>
      <td>{of.case && <Code>{of.case}</Code>}</td>
      <td className="end">
        {!of.seen && (
          <Button size="sm" variant="secondary" isDisabled={busy} onClick={onSeen}>
            <T id="safeguards.alarms.seen" />
          </Button>
        )}
      </td>
    </tr>
  );
}

export default function AlarmsPage() {
  const cache = useQueryClient();
  const list = useAlarms();
  const seen = useMutation({ mutationFn: (id: string) => alarms.seen(id), onSettled: () => cache.invalidateQueries({ queryKey: ALARMS }) });
  return (
    <ListPage title="safeguards.alarms.title">
      {seen.error && <ProblemAlert error={seen.error} />}
      <Loaded query={list}>
        {({ alarms: all }) =>
          all.length === 0 ? (
            <None id="safeguards.alarms.none" />
          ) : (
            <Table columns={['safeguards.alarms.at', 'safeguards.alarms.kind', 'safeguards.alarms.about', 'safeguards.alarms.case']}>
              {all.map((a) => (
                <Row key={a.id} of={a} busy={seen.isPending} onSeen={() => seen.mutate(a.id)} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </ListPage>
  );
}
