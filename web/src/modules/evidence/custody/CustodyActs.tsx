import { Button } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Scope } from '../../../api/filing';
import { useMay } from '../../../app/session';
import { T } from '../../../ui/i18n';

const CustodyDialog = lazy(() => import('./CustodyDialog'));
const HandOverDialog = lazy(() => import('./HandOverDialog'));

// The two things that whoever keeps evidence does with items: recording an act, and listing them to hand them over.
export function CustodyActs({ caseId, scope, n }: { caseId: string; scope: Scope; n: number }) {
  const may = useMay();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'act' | 'list' | null>(null);
  const [done, setDone] = useState(false);
  if (!may('evidence.custody') || n === 0) return null;
  return (
    <>
      <Button size="sm" variant="link" isInline onClick={() => setOpen('act')}>
        <T id="evidence.custodyAct.open" />
      </Button>
      <Button size="sm" variant="link" isInline onClick={() => setOpen('list')}>
        <T id="evidence.handOver.open" />
      </Button>
      {done && (
        <span role="status" className="muted">
          <T id="evidence.custodyAct.done" />
        </span>
      )}
      <Suspense fallback={null}>
        {open === 'act' && (
          <CustodyDialog
            caseId={caseId}
            scope={scope}
            n={n}
            onClose={(recorded) => {
              setOpen(null);
              setDone(recorded);
            }}
          />
        )}
        {open === 'list' && (
          <HandOverDialog
            caseId={caseId}
            scope={scope}
            n={n}
            onClose={(made) => {
              setOpen(null);
              if (made) void navigate({ to: '/cases/$case/hand-overs', params: { case: caseId } });
            }}
          />
        )}
      </Suspense>
    </>
  );
}
