import type { Item } from '../../../api/types';
import { useMay } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { useTags } from '../data';
import { useTagName } from '../tags/names';
import { Putting } from '../tags/Putting';

// What people put on this item, and the means to put more.
export function Filed({ item, caseId }: { item: Item; caseId: string }) {
  const t = useT();
  const may = useMay();
  const tagName = useTagName();
  const issues = useTags(caseId, 'issue').data?.tags;
  const all = [
    ...item.tags.map((name) => ({ kind: 'tag', name })),
    ...item.issues.map((code) => ({ kind: 'issue', name: tagName(issues?.find((i) => i.path === code)) || code })),
    ...item.folders.map((name) => ({ kind: 'folder', name })),
  ];
  return (
    <section className="side" aria-label={t('evidence.filing.item')}>
      <h2>
        <T id="evidence.filing.item" />
      </h2>
      {all.length > 0 && (
        <ul className="plain">
          {all.map((x) => (
            <li key={`${x.kind} ${x.name}`} className="wrap">
              <span className="label">
                <T id={`evidence.filing.kind.${x.kind}`} />
              </span>
              <bdi>{x.name}</bdi>
            </li>
          ))}
        </ul>
      )}
      {may('evidence.tag') && <Putting caseId={caseId} scope={{ items: [item.id] }} />}
    </section>
  );
}
