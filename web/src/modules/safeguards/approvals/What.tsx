import type { Approval } from '../../../api/rights';
import { useInLanguage } from '../../../app/case/data';
import { T, useT, useWord } from '../../../ui/i18n';
import { useOrgans, useRoleLabels } from './organs';

// What exactly is asked, in words.
export function What({ of }: { of: Approval }) {
  const t = useT();
  const word = useWord();
  const text = useInLanguage();
  const organs = useOrgans();
  const known = useRoleLabels();
  const what = of.what as { classification?: string; clearance?: string; organ?: string; by_two?: string[] };
  const organ = organs?.find((o) => o.id === what.organ);
  const level = what.classification ?? what.clearance;
  const roles = (what.by_two ?? []).map((id) => {
    const role = known?.find((r) => r.id === id);
    return role ? text(role.label) : id;
  });
  const parts = [level && word('app.class', level), organ && text(organ.label), ...roles].filter(Boolean).join(', ');
  return (
    <>
      {t(`safeguards.act.${of.act}`)}: <bdi>{of.about}</bdi>
      {parts && ` → ${parts}`}
      {of.compartments.map((c) => (
        <span key={c.id} className="tag">
          <bdi>{c.name}</bdi>
        </span>
      ))}
      {level !== undefined && of.compartments.length === 0 && (
        <span className="muted">
          {' '}
          (<T id="safeguards.noCompartments" />)
        </span>
      )}
    </>
  );
}
