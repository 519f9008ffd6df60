// A report over a period: which, from when to when, of one case or of all that one may read.
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cases as office } from '../../../api/server';
import type { TemplateRow } from '../../../api/templates';
import { T, useT } from '../../../ui/i18n';
import { LanguageChoice, Made, TemplateChoice, useReadersLanguage } from './Made';
import { spanOf } from './period';

const today = () => new Date().toISOString().slice(0, 10);

export function ReportForm({ reports }: { reports: TemplateRow[] }) {
  const t = useT();
  const cases = useQuery({ queryKey: ['cases'], queryFn: ({ signal }) => office.all(signal) }).data?.cases ?? [];
  const [name, setName] = useState(reports[0]!.template);
  const chosen = reports.find((r) => r.template === name) ?? reports[0]!;
  const presets = chosen.periods.filter((p) => p !== 'any');
  const [span, setSpan] = useState(() => spanOf(presets[0] ?? 'month', today(), 1));
  const [caseId, setCase] = useState('');
  const [language, setLanguage] = useState(useReadersLanguage());
  const good = span.from !== '' && span.from <= span.to;
  const asked = { template: name, from: span.from, to: span.to, case: caseId, lang: language };
  return (
    <section aria-labelledby="reports-title" className="below">
      <h2 id="reports-title">
        <T id="records.documents.reports" />
      </h2>
      <div className="document-choices">
        <TemplateChoice id="report-template" all={reports} value={name} onChange={setName} />
        {presets.flatMap((p) =>
          [1, 0].map((back) => (
            <Button key={`${p}${back}`} variant="link" isInline onClick={() => setSpan(spanOf(p, today(), back))}>
              <T id={`records.documents.${back ? 'last' : 'this'}.${p}`} />
            </Button>
          )),
        )}
        {(['from', 'to'] as const).map((end) => (
          <span key={end}>
            <label className="label" htmlFor={`report-${end}`}>
              <T id={`records.documents.${end}`} />
            </label>
            <input type="date" id={`report-${end}`} className="f-in num" value={span[end]} onChange={(e) => setSpan({ ...span, [end]: e.target.value })} />
          </span>
        ))}
        <span>
          <label className="label" htmlFor="report-case">
            <T id="records.documents.case" />
          </label>
          <select id="report-case" className="f-in" value={caseId} onChange={(e) => setCase(e.target.value)}>
            <option value="">{t('records.documents.allCases')}</option>
            {cases.map((c) => (
              <option key={c.id} value={c.id}>
                {c.code}
              </option>
            ))}
          </select>
        </span>
        <LanguageChoice id="report-language" value={language} onChange={setLanguage} />
      </div>
      <Made key={JSON.stringify(asked)} asked={asked} disabled={!good} />
    </section>
  );
}
