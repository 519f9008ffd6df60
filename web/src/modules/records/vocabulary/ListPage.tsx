import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { vocabularies } from '../../../api/records';
import { Loaded } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code, Num } from '../../../ui/Words';
import { VOCABULARIES } from '../data';

export default function ListPage() {
  const t = useT();
  const label = useLabel();
  const list = useQuery({ queryKey: VOCABULARIES, queryFn: ({ signal }) => vocabularies.all(signal), staleTime: 60_000 });
  return (
    <Loaded query={list}>
      {({ vocabularies: all }) => (
        <div className="pane fill">
          <div className="pane-h">
            <h1>
              <T id="records.vocabulary.list" />
            </h1>
          </div>
          <section className="scroll pad" tabIndex={0} aria-label={t('records.vocabulary.list')}>
            <table className="dt">
              <thead>
                <tr>
                  <th scope="col">
                    <T id="records.vocabulary.title" />
                  </th>
                  <th scope="col">
                    <T id="records.vocabulary.name" />
                  </th>
                  <th scope="col" className="end">
                    <T id="records.vocabulary.codes" />
                  </th>
                  <th scope="col" className="end">
                    <T id="records.vocabulary.version" />
                  </th>
                  <th scope="col">
                    <T id="records.vocabulary.source" />
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map((v) => (
                  <tr key={v.name} className="clickable">
                    <th scope="row">
                      <Link to="/vocabularies/$name" params={{ name: v.name }}>
                        {label(v.label)}
                      </Link>
                    </th>
                    <td>
                      <Code>{v.name}</Code>
                    </td>
                    <td className="end">
                      <Num of={v.codes} />
                    </td>
                    <td className="end">
                      <Num of={v.version} />
                    </td>
                    <td className="wrap muted">{v.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </Loaded>
  );
}
