import { Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ChangeEvent } from 'react';
import { around, type TermCount } from '../../../api/workspace';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Num } from '../../../ui/Words';
import { CaseHeader } from '../CaseHeader';
import { useCase, useCaseId } from '../data';
import { useOpenSearch } from '../useOpenSearch';
import { csvOf, TERMS_MAX, termsIn } from './terms';
import './terms.css';

const COLUMNS = ['items', 'families', 'unique', 'with_families'] as const;

function save(text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'terms.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function Report({ rows, onOpen }: { rows: TermCount[]; onOpen: (term: string) => void }) {
  const t = useT();
  const wrong = rows.filter((r) => r.error !== null).length;
  return (
    <section aria-label={t('evidence.terms.report')} className="above">
      <div className="terms-bar">
        <span role="status">
          <T id="evidence.terms.counted" values={{ n: rows.length - wrong, wrong }} />
        </span>
        <span className="grow" />
        <Button variant="link" isInline onClick={() => save(csvOf(rows))}>
          <T id="evidence.terms.csv" />
        </Button>
      </div>
      <table className="dt">
        <thead>
          <tr>
            <th scope="col" className="end">
              <T id="evidence.terms.line" />
            </th>
            <th scope="col">
              <T id="evidence.terms.term" />
            </th>
            {COLUMNS.map((c) => (
              <th key={c} scope="col" className="end">
                <T id={`evidence.terms.${c}`} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={i}>
              <td className="end">
                <Num of={i + 1} />
              </td>
              <td className="wrap">
                {r.error === null ? (
                  <button type="button" className="plain-link mono" onClick={() => onOpen(r.term)}>
                    <bdi>{r.term}</bdi>
                  </button>
                ) : (
                  <bdi className="mono">{r.term}</bdi>
                )}
              </td>
              {r.error === null ? (
                COLUMNS.map((c) => (
                  <td key={c} className="end">
                    <Num of={r[c]} />
                  </td>
                ))
              ) : (
                <td colSpan={COLUMNS.length} className="danger wrap">
                  <bdi>{r.error}</bdi>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

// A list of terms, a line each, and how much each finds. Lines that are no queries say why; the others count.
function Terms({ caseId }: { caseId: string }) {
  const t = useT();
  const open = useOpenSearch(caseId);
  const [text, setText] = useState('');
  const count = useMutation({ mutationFn: (terms: string[]) => around.terms(caseId, terms) });
  const terms = termsIn(text);
  const read = (e: ChangeEvent<HTMLInputElement>) => {
    const file = e.target.files?.[0];
    if (file) void file.text().then(setText);
    e.target.value = '';
  };
  return (
    <div className="scroll pad" tabIndex={-1}>
      <form
        className="terms"
        onSubmit={(e) => {
          e.preventDefault();
          if (terms.length) count.mutate(terms);
        }}
      >
        <label htmlFor="terms-list">
          <T id="evidence.terms.list" />
        </label>
        <textarea id="terms-list" className="terms-list mono" dir="auto" spellCheck={false} autoComplete="off" value={text} onChange={(e) => setText(e.target.value)} />
        <div className="terms-bar">
          <Button type="submit" isDisabled={terms.length === 0 || terms.length > TERMS_MAX || count.isPending} isLoading={count.isPending}>
            <T id="evidence.terms.count" />
          </Button>
          <label className="terms-file">
            <span className="plain-link">
              <T id="evidence.terms.file" />
            </span>
            <input type="file" accept=".txt,.csv,text/plain" className="sr" onChange={read} />
          </label>
          <span className="muted" role="status">
            <T id="evidence.terms.number" values={{ n: terms.length, max: TERMS_MAX }} />
          </span>
        </div>
      </form>
      {count.error && <ProblemAlert error={count.error} />}
      {count.data && <Report rows={count.data.terms} onOpen={(query) => open({ query, sort: 'relevance', facets: {} })} />}
      {!count.data && (
        <p className="muted small above">
          <T id="evidence.terms.words" values={{ items: t('evidence.terms.items'), unique: t('evidence.terms.unique'), families: t('evidence.terms.families') }} />
        </p>
      )}
    </div>
  );
}

export default function TermsPage() {
  const caseId = useCaseId();
  return (
    <Loaded query={useCase(caseId)}>
      {() => (
        <div className="pane fill">
          <CaseHeader caseId={caseId} title="evidence.terms.title" />
          <Terms caseId={caseId} />
        </div>
      )}
    </Loaded>
  );
}
