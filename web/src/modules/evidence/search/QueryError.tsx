import type { Problem } from '../../../api/client';
import { T } from '../../../ui/i18n';
import { around } from './complete';

// The refused query once more, in the same letters as the field above, with the mark under the character meant.
export function QueryError({ id, text, problem }: { id: string; text: string; problem: Problem }) {
  const position = problem.position;
  const parts = position === undefined ? null : around(text, position);
  return (
    <div className="query-error" id={id} role="alert">
      {parts && (
        <div className="query-echo" dir="auto" aria-hidden="true">
          {parts.before}
          <span className="query-at">{parts.at || '\u00a0'}</span>
          {parts.after}
        </div>
      )}
      <p className="danger">
        {position !== undefined && problem.expected ? (
          <T id="evidence.search.error" values={{ position, expected: <bdi key="e">{problem.expected}</bdi> }} />
        ) : (
          <bdi>{problem.detail || problem.message}</bdi>
        )}
      </p>
    </div>
  );
}
