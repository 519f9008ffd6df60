import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { custody } from '../../../api/filing';
import { ProblemAlert } from '../../../app/problem';
import type { CustodyRow } from '../../../api/types';
import { T, useT, useWord } from '../../../ui/i18n';
import { save } from '../../../ui/save';
import { Code, Moment } from '../../../ui/Words';
import { useCustody } from '../data';

function useSealing(rows: CustodyRow[] | undefined) {
  const sealed = rows?.find((r) => r.act === 'sealed') ?? rows?.[0];
  return { sealed, last: rows?.at(-1) };
}

// One line: when it was sealed, and the latest act.
export function CustodyLine({ itemId }: { itemId: string }) {
  const word = useWord();
  const { data, error } = useCustody(itemId);
  const { sealed, last } = useSealing(data?.rows);
  if (error) return <ProblemAlert error={error} />;
  if (!sealed || !last) return <div>{'\u00a0'}</div>;
  return (
    <div>
      <span className="label">
        <T id="evidence.custody.title" />
      </span>
      {word('evidence.act', sealed.act)} <Moment at={sealed.at} />, <bdi>{sealed.who}</bdi>
      {last !== sealed && (
        <>
          {' '}
          · {word('evidence.act', last.act)} <Moment at={last.at} />, <bdi>{last.who}</bdi>
        </>
      )}
    </div>
  );
}

// The chain of custody on paper.
function FormButton({ itemId }: { itemId: string }) {
  const print = useMutation({ mutationFn: () => custody.form(itemId), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <p className="above">
      <Button size="sm" variant="secondary" isDisabled={print.isPending} onClick={() => print.mutate()}>
        <T id="evidence.custody.form" />
      </Button>
      {print.error && <ProblemAlert error={print.error} />}
    </p>
  );
}

// The whole record, and the checkpoint of the ledger that holds it.
export function CustodyRecord({ itemId }: { itemId: string }) {
  const t = useT();
  const word = useWord();
  const { data, error } = useCustody(itemId);
  if (error) return <ProblemAlert error={error} />;
  return (
    <details className="custody">
      <summary>
        <CustodyLine itemId={itemId} />
        <span className="custody-all">
          <T id="evidence.custody.all" values={{ n: data?.rows.length ?? 0 }} />
        </span>
      </summary>
      <section className="custody-rows" tabIndex={0} aria-label={t('evidence.custody.title')}>
        <table className="dt">
          <thead>
            <tr>
              {['at', 'act', 'who', 'detail', 'row'].map((c) => (
                <th key={c} scope="col" className={c === 'row' ? 'end' : undefined}>
                  <T id={`evidence.custody.${c}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data?.rows.map((r) => (
              <tr key={r.row}>
                <td>
                  <Moment at={r.at} />
                </td>
                <td>{word('evidence.act', r.act)}</td>
                <td>
                  <bdi>{r.who}</bdi>
                </td>
                <td className="wrap">
                  <bdi>{r.detail}</bdi>
                </td>
                <td className="end">
                  <Code>{r.row}</Code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <FormButton itemId={itemId} />
        {data?.checkpoint && (
          <p className="small wrap above">
            <T id="evidence.custody.checkpoint" values={{ size: data.checkpoint.size, root: <Code key="r">{data.checkpoint.root}</Code> }} />
          </p>
        )}
      </section>
    </details>
  );
}
