import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { left as api } from '../../../api/workspace';
import { ProblemAlert } from '../../../app/problem';
import { T, useT, useWord } from '../../../ui/i18n';
import { Bytes, Num } from '../../../ui/Words';

// What was begun and never finished lies sealed on the server until it is removed here.
export function Left({ caseId }: { caseId: string }) {
  const t = useT();
  const word = useWord();
  const cache = useQueryClient();
  const key = ['left-uploads', caseId];
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => api.all(caseId, signal) });
  const remove = useMutation({ mutationFn: api.remove, onSettled: () => cache.invalidateQueries({ queryKey: key }) });
  if (!data || data.uploads.length === 0) return null;
  return (
    <section className="pad" aria-label={t('evidence.left.title')}>
      <h2 className="left-title">
        <T id="evidence.left.title" />
      </h2>
      {remove.error && <ProblemAlert error={remove.error} />}
      <table className="dt">
        <thead>
          <tr>
            {['source', 'collector', 'state', 'files', 'size'].map((c) => (
              <th key={c} scope="col" className={c === 'files' || c === 'size' ? 'end' : undefined}>
                <T id={`evidence.left.${c}`} />
              </th>
            ))}
            <th scope="col">
              <span className="sr">
                <T id="evidence.left.remove" />
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.uploads.map((u) => (
            <tr key={u.id}>
              <td className="wrap">
                <bdi>{u.source}</bdi>
              </td>
              <td className="wrap">
                <bdi>{u.collector}</bdi>
              </td>
              <td>{word('evidence.left.is', u.state)}</td>
              <td className="end num">
                <Num of={u.received} /> / <Num of={u.files} />
              </td>
              <td className="end">
                <Bytes of={u.bytes} />
              </td>
              <td>
                <Button variant="link" isInline isDisabled={remove.isPending} onClick={() => remove.mutate(u.id)}>
                  <T id="evidence.left.remove" />
                  <span className="sr">: {u.source}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
