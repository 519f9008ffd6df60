import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { saved as api } from '../../../api/workspace';
import type { SearchRequest } from '../../../api/types';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Moment } from '../../../ui/Words';

const savedKey = (caseId: string) => ['saved-searches', caseId] as const;

// The searches that this person keeps in this case, each ready to be run anew.
export function SavedList({ caseId, onRun }: { caseId: string; onRun: (request: SearchRequest) => void }) {
  const t = useT();
  const cache = useQueryClient();
  const { data, error } = useQuery({ queryKey: savedKey(caseId), queryFn: ({ signal }) => api.all(caseId, signal), staleTime: 30_000 });
  const forget = useMutation({ mutationFn: api.forget, onSuccess: () => cache.invalidateQueries({ queryKey: savedKey(caseId) }) });
  if (error) return <ProblemAlert error={error} />;
  if (!data || data.searches.length === 0) return null;
  return (
    <section aria-label={t('evidence.saved.title')} className="below">
      <h2>
        <T id="evidence.saved.title" />
      </h2>
      {forget.error && <ProblemAlert error={forget.error} />}
      <table className="dt">
        <thead>
          <tr>
            {['name', 'query', 'made'].map((c) => (
              <th key={c} scope="col">
                <T id={`evidence.saved.${c}`} />
              </th>
            ))}
            <th scope="col">
              <span className="sr">
                <T id="evidence.saved.forget" />
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.searches.map((s) => (
            <tr key={s.id}>
              <td>
                <button type="button" className="plain-link" onClick={() => onRun({ query: s.query, sort: s.sort, facets: s.facets })}>
                  <bdi>{s.name}</bdi>
                </button>
              </td>
              <td className="mono wrap">
                <bdi>{s.query}</bdi>
                {Object.keys(s.facets).length > 0 && (
                  <span className="muted">
                    {' '}
                    <T id="evidence.saved.filters" values={{ n: Object.values(s.facets).flat().length }} />
                  </span>
                )}
              </td>
              <td>
                <Moment at={s.made} />
              </td>
              <td>
                <Button variant="link" isInline isDisabled={forget.isPending} onClick={() => forget.mutate(s.id)}>
                  <T id="evidence.saved.forget" />
                  <span className="sr">: {s.name}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

// Keeps the search that is shown under a name.
export function SaveSearch({ caseId, search }: { caseId: string; search: string }) {
  const t = useT();
  const cache = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const keep = useMutation({
    mutationFn: (as: string) => api.keep(caseId, as, search),
    onSuccess: () => {
      setName(null);
      void cache.invalidateQueries({ queryKey: savedKey(caseId) });
    },
  });
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (name?.trim()) keep.mutate(name.trim());
  };
  if (name === null) {
    return (
      <>
        {keep.isSuccess && (
          <span role="status" className="muted">
            <T id="evidence.saved.done" />
          </span>
        )}
        <Button variant="link" isInline onClick={() => setName('')}>
          <T id="evidence.saved.save" />
        </Button>
      </>
    );
  }
  return (
    <form className="save-search" onSubmit={send}>
      <input
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- asked for by the button before it
        autoFocus
        className="bulk-tag"
        dir="auto"
        autoComplete="off"
        aria-label={t('evidence.saved.name')}
        placeholder={t('evidence.saved.name')}
        value={name}
        onChange={(e) => setName(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && setName(null)}
      />
      <Button type="submit" size="sm" variant="secondary" isDisabled={!name.trim() || keep.isPending}>
        <T id="evidence.saved.keep" />
      </Button>
      {keep.error && <ProblemAlert error={keep.error} />}
    </form>
  );
}
