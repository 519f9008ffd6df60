// The public view of warrants: what the office has declared public, to be looked at before it leaves.
import { Button } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { warrants, type PublicWarrant } from '../../api/warrants';
import { Loaded, ProblemAlert } from '../../app/problem';
import { DateWords } from '../../ui/DateWords';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { save } from '../../ui/save';
import { visible } from '../../ui/text';

const FORMATS = ['json', 'xlsx', 'docx', 'pdf'] as const;
const COLUMNS = ['name', 'situation', 'warrant', 'state', 'said', 'crimes'] as const;

function All({ persons }: { persons: PublicWarrant[] }) {
  const label = useLabel();
  if (persons.length === 0)
    return (
      <p role="status">
        <T id="casework.public.none" />
      </p>
    );
  return (
    <table className="dt">
      <caption className="sr">
        <T id="casework.public.table" />
      </caption>
      <thead>
        <tr>
          {COLUMNS.map((c) => (
            <th key={c} scope="col">
              <T id={`casework.public.${c}`} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {persons.map((p, i) => (
          <tr key={i}>
            <th scope="row" className="wrap">
              <bdi>{visible(p.name)}</bdi>
            </th>
            <td className="wrap">
              <bdi>{visible(p.situation ?? '')}</bdi>
            </td>
            <td>{p.warrant_on !== null && <DateWords of={p.warrant_on} />}</td>
            <td className="wrap">{label(p.state)}</td>
            <td className="wrap">
              <bdi>{visible(p.text ?? '')}</bdi>
            </td>
            <td className="wrap">
              {p.crimes.map((c) => (
                <div key={c.en}>{label(c)}</div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export default function WarrantsPage() {
  const t = useT();
  const found = useQuery({ queryKey: ['warrants', 'public'], queryFn: ({ signal }) => warrants.view(signal), staleTime: 10_000 });
  const file = useMutation({ mutationFn: warrants.file, onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <Link to="/records/$kind" params={{ kind: 'suspect_case' }} search={{}}>
          <T id="casework.public.list" />
        </Link>
        <h1>
          <T id="casework.public.title" />
        </h1>
        <span className="grow" />
        {FORMATS.map((f) => (
          <Button key={f} variant="secondary" size="sm" isDisabled={file.isPending} onClick={() => file.mutate(f)}>
            {f.toUpperCase()}
          </Button>
        ))}
      </div>
      {file.error && <ProblemAlert error={file.error} />}
      <section className="scroll pad" tabIndex={0} aria-label={t('casework.public.title')}>
        <p className="muted small">
          <T id="casework.public.told" />
        </p>
        <Loaded query={found}>{(view) => <All persons={view.persons} />}</Loaded>
      </section>
    </div>
  );
}
