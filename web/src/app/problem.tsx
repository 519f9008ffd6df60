// Errors in words: what happened, where, and what to do.
import { Alert, Button, EmptyState, EmptyStateBody, EmptyStateFooter, Spinner } from '@patternfly/react-core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isProblem } from '../api/client';
import { T, useT } from '../ui/i18n';
import { useTitle } from './title';

export function useProblemText(): (error: unknown) => string {
  const t = useT();
  return (error) => {
    if (!isProblem(error)) return t('app.problem.unknown');
    if (error.status === 0) return t('app.problem.unreachable');
    if (error.status === 401) return t('app.problem.refused');
    if (error.status === 404) return t('app.problem.notFound');
    if (error.status === 412) return t('app.problem.conflict');
    if (error.status === 413) return t('app.problem.tooLarge');
    if (error.status === 429) return t('app.problem.tooMany');
    if (error.status >= 500) return t('app.problem.server', { code: error.code });
    return error.detail || error.message;
  };
}

export function ProblemAlert({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = useProblemText();
  return (
    <Alert
      variant="danger"
      isInline
      title={text(error)}
      actionLinks={
        onRetry && (
          <Button variant="link" isInline onClick={onRetry}>
            <T id="app.retry" />
          </Button>
        )
      }
    />
  );
}

// The one screen for what does not exist and for what may not be seen.
export function NotFound() {
  useTitle('app.notFound.title');
  return (
    <EmptyState titleText={<T id="app.notFound.title" />} headingLevel="h1">
      <EmptyStateBody>
        <T id="app.notFound.body" />
      </EmptyStateBody>
      <EmptyStateFooter>
        <Link to="/cases">
          <T id="app.notFound.back" />
        </Link>
      </EmptyStateFooter>
    </EmptyState>
  );
}

export function Loading() {
  const t = useT();
  return (
    <div className="center" role="status">
      <Spinner size="lg" aria-label={t('ui.loading')} />
    </div>
  );
}

// A query's answer, or what stands in its place.
export function Loaded<D>({ query, children }: { query: UseQueryResult<D>; children: (data: D) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (isProblem(query.error, 404)) return <NotFound />;
  if (query.error) {
    return (
      <div className="pad">
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return <Loading />;
}
