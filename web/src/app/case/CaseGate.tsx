// Before anything of a case is shown the person says for which purpose they work in it; then its label stands above
// every page of it.
import { lazy, Suspense, type ReactNode } from 'react';
import { isProblem } from '../../api/client';
import { Loading, NotFound, ProblemAlert } from '../problem';
import { usePurpose } from './data';

const PurposePage = lazy(() => import('./PurposePage'));
const CaseBar = lazy(() => import('./CaseBar'));

function Gate({ caseId, children }: { caseId: string; children: ReactNode }) {
  const state = usePurpose(caseId);
  if (isProblem(state.error, 404)) return <NotFound />;
  if (state.error) return <ProblemAlert error={state.error} onRetry={() => void state.refetch()} />;
  if (!state.data) return <Loading />;
  return (
    <Suspense fallback={<Loading />}>
      {state.data.needed ? (
        <PurposePage caseId={caseId} state={state.data} />
      ) : (
        <div className="fill in-case">
          <CaseBar caseId={caseId} state={state.data} />
          {children}
        </div>
      )}
    </Suspense>
  );
}

export function CaseGate({ caseId, children }: { caseId: string | undefined; children: ReactNode }) {
  return caseId ? (
    <Gate key={caseId} caseId={caseId}>
      {children}
    </Gate>
  ) : (
    children
  );
}
