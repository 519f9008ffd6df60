import { Label } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { templates } from '../../../api/templates';
import { Loaded } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Num } from '../../../ui/Words';
import { useKindName } from '../data';
import { ReportForm } from './ReportForm';
import '../../../ui/fields/fields.css';
import './documents.css';

export default function TemplatesPage() {
  const t = useT();
  const label = useLabel();
  const kindName = useKindName();
  const list = useQuery({ queryKey: ['templates', ''], queryFn: ({ signal }) => templates.all(undefined, signal), staleTime: 60_000 });
  return (
    <Loaded query={list}>
      {({ templates: all }) => {
        const reports = all.filter((x) => x.usable && x.kind === null);
        return (
          <div className="pane fill">
            <div className="pane-h">
              <h1>
                <T id="records.documents.templates" />
              </h1>
            </div>
            <section className="scroll pad" tabIndex={0} aria-label={t('records.documents.templates')}>
              {reports.length > 0 && <ReportForm reports={reports} />}
              <table className="dt">
                <thead>
                  <tr>
                    {['template', 'made', 'version', 'mark', 'source'].map((column) => (
                      <th key={column} scope="col">
                        <T id={`records.documents.${column}`} />
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {all.map((x) => (
                    <tr key={x.template} className="clickable">
                      <th scope="row">
                        <Link to="/templates/$name" params={{ name: x.template }}>
                          {label(x.label)}
                        </Link>
                      </th>
                      <td>{x.kind === null ? t('records.documents.report') : kindName(x.kind)}</td>
                      <td>
                        <Num of={x.version} />
                      </td>
                      <td>
                        <Label isCompact variant="outline" status={x.ratified ? 'success' : 'warning'}>
                          <T id={x.ratified ? 'records.documents.ratified' : 'records.documents.default'} />
                        </Label>
                      </td>
                      <td className="wrap muted">{x.source}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </div>
        );
      }}
    </Loaded>
  );
}
