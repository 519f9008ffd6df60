import type { PurposeState } from '../../api/rights';
import { T } from '../../ui/i18n';
import { useTitle } from '../title';
import { PurposeForm } from './PurposeForm';
import './case.css';

// Stands in the place of every page of a case until a purpose is chosen.
export default function PurposePage({ caseId, state }: { caseId: string; state: PurposeState }) {
  useTitle('app.purpose.title');
  return (
    <div className="pad purpose-page">
      <section className="card">
        <h1>
          <T id="app.purpose.title" />
        </h1>
        <p className="muted below">
          <T id="app.purpose.body" />
        </p>
        <PurposeForm caseId={caseId} state={state} onDone={() => undefined} />
      </section>
    </div>
  );
}
