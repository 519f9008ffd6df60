import type { CaseLabel } from '../../api/rights';
import { T } from '../../ui/i18n';
import './case.css';

// Class and compartments; told by words, the colour only repeats the class.
export function Label({ of }: { of: CaseLabel }) {
  return (
    <span className="case-label">
      <strong className={`class-${of.classification.toLowerCase()}`}>
        <T id={`app.class.${of.classification}`} />
      </strong>
      {of.compartments.map((c) => (
        <span key={c.id} className="tag">
          <bdi>{c.name}</bdi>
        </span>
      ))}
    </span>
  );
}
