import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { isProblem } from '../../../api/client';
import { searches } from '../../../api/server';
import type { SearchRequest, Sort } from '../../../api/types';
import { useActions } from '../../../app/actions';
import { Loaded, Loading, ProblemAlert } from '../../../app/problem';
import { T } from '../../../ui/i18n';
import { CaseHeader } from '../CaseHeader';
import { useCase, useCaseId } from '../data';
import { searchKey, useRunSearch, type Search } from '../useOpenSearch';
import { QueryBox } from './QueryBox';
import { within } from './narrow';
import { Results } from './Results';
import { SavedList } from './Saved';
import { Start } from './Start';
import './search.css';

// The search that the address names: known from running it, else asked of the server.
function useNamedSearch() {
  const { s } = useSearch({ strict: false }) as { s?: string };
  const query = useQuery<Search>({
    queryKey: searchKey(s),
    queryFn: ({ signal }) => searches.one(s!, signal),
    enabled: s !== undefined,
    staleTime: Infinity,
    retry: false,
  });
  return { id: s, query };
}

function Workspace({ caseId }: { caseId: string }) {
  const { id, query } = useNamedSearch();
  const run = useRunSearch(caseId);
  const box = useRef<HTMLInputElement>(null);
  const search = id === undefined ? undefined : query.data;
  const [text, setText] = useState(search?.query ?? '');
  const named = search?.search;
  useEffect(() => {
    if (search) setText(search.query);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [named]);
  const request = (next: Partial<SearchRequest>) =>
    run.mutate({
      query: search?.query ?? text,
      sort: search?.sort ?? 'relevance',
      facets: search?.chosen ?? {},
      ...next,
    });
  useActions({
    'search.box': () => {
      box.current?.focus();
      box.current?.select();
    },
  });
  const refused = isProblem(run.error, 422) ? run.error : null;
  // Asked within what is shown: the box then holds only what is added, until the answer holds both.
  const [inside, setInside] = useState(false);
  const runText = () => {
    const asked = text.trim() || '*';
    const query = inside && search ? within(search.query, asked) : asked;
    setText(query);
    setInside(false);
    request({ query });
  };
  const pick = (q: string) => {
    setText(q);
    request({ query: q, facets: {} });
  };
  return (
    <>
      <div className="pane-h query-pane">
        <QueryBox
          text={text}
          onText={(value) => {
            setText(value);
            if (run.error) run.reset();
          }}
          onRun={runText}
          onLeave={() => document.querySelector<HTMLElement>('.list')?.focus()}
          busy={run.isPending}
          problem={refused}
          box={box}
        />
        {search && search.total > 0 && (
          <div className="scope">
            <label>
              <input
                type="checkbox"
                checked={inside}
                onChange={(e) => {
                  setInside(e.target.checked);
                  setText(e.target.checked ? '' : search.query);
                  box.current?.focus();
                }}
              />
              <T id="evidence.search.within" />
            </label>
            {inside && (
              <span className="muted wrap">
                <bdi className="mono">{search.query}</bdi>
              </span>
            )}
          </div>
        )}
      </div>
      {run.error && !refused && <ProblemAlert error={run.error} />}
      {search ? (
        <Results
          caseId={caseId}
          search={search}
          chosen={(run.isPending && run.variables.facets) || search.chosen}
          onSort={(sort: Sort) => request({ sort })}
          onFacets={(facets) => request({ facets })}
          onNarrow={(query) => request({ query: within(search.query, query) })}
        />
      ) : id !== undefined && query.isPending ? (
        <Loading />
      ) : (
        <Start gone={query.isError} onPick={pick}>
          <SavedList caseId={caseId} onRun={(saved) => run.mutate(saved)} />
        </Start>
      )}
    </>
  );
}

export default function SearchPage() {
  const caseId = useCaseId();
  return (
    <Loaded query={useCase(caseId)}>
      {() => (
        <div className="pane fill">
          <CaseHeader caseId={caseId} title="evidence.search.title" />
          <Workspace caseId={caseId} />
        </div>
      )}
    </Loaded>
  );
}
