import { Button } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { labels, type PurposeState } from '../../api/rights';
import { T, useT } from '../../ui/i18n';
import { Moment } from '../../ui/Words';
import { useInLanguage, useLabel } from './data';
import { Label } from './Label';
import PurposeDialog from './PurposeDialog';
import './case.css';

const LabelDialog = lazy(() => import('./LabelDialog'));

// The label of the case and the purpose of the person, above every page of it.
export default function CaseBar({ caseId, state }: { caseId: string; state: PurposeState }) {
  const t = useT();
  const text = useInLanguage();
  const label = useLabel(caseId).data;
  const [open, setOpen] = useState<'purpose' | 'label' | null>(null);
  const chosen = state.purposes.find((p) => p.id === state.chosen?.purpose) ?? state.purposes[0];
  const close = () => setOpen(null);
  return (
    <section className="case-bar" aria-label={t('app.case.bar')}>
      {label && <Label of={label} />}
      {label && (label.may_raise || label.may_lower) && (
        <Button variant="link" isInline onClick={() => setOpen('label')}>
          <T id="app.label.change" />
        </Button>
      )}
      {state.break_glass_until && (
        <strong className="danger">
          <T id="app.case.glass" /> <Moment at={state.break_glass_until} />
        </strong>
      )}
      <span className="grow" />
      <span>
        <span className="label">
          <T id="app.purpose.label" />
        </span>
        {chosen && text(chosen.label)}
      </span>
      <Button variant="link" isInline onClick={() => setOpen('purpose')}>
        <T id="app.purpose.change" />
      </Button>
      {open === 'purpose' && <PurposeDialog caseId={caseId} onClose={close} />}
      {open === 'label' && label && (
        <Suspense fallback={null}>
          <LabelDialog label={label} set={(to) => labels.set(caseId, to, label.etag)} onClose={close} />
        </Suspense>
      )}
    </section>
  );
}
