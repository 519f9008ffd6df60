import { Link } from '@tanstack/react-router';
import type { Item, Relative } from '../../../api/types';
import { T, useT } from '../../../ui/i18n';
import { fileName } from '../../../ui/text';
import { Name } from '../../../ui/Words';
import { useTypeWord } from '../typeWord';

export type Links = { caseId: string; search: string | undefined };

export function ItemLink({ to, caseId, search, children }: Links & { to: string; children: React.ReactNode }) {
  return (
    <Link to="/cases/$case/items/$item" params={{ case: caseId, item: to }} search={search ? { s: search } : {}}>
      {children}
    </Link>
  );
}

function Member({ member, here, links }: { member: Relative; here: boolean; links: Links }) {
  const typeWord = useTypeWord();
  return (
    <li className={here ? 'member here' : 'member'} style={{ paddingInlineStart: `${(member.depth ?? 0) * 1.1 + 0.5}rem` }} aria-current={here ? 'true' : undefined}>
      {here ? (
        <strong>
          <Name of={fileName(member.path)} />
        </strong>
      ) : (
        <ItemLink to={member.id} {...links}>
          <Name of={fileName(member.path)} />
        </ItemLink>
      )}{' '}
      <span className="muted nowrap">{typeWord(member.type)}</span>
    </li>
  );
}

// A top item and everything inside it; the item that is open is marked.
export function Family({ item, ...links }: Links & { item: Item }) {
  const t = useT();
  const members = item.family.length ? item.family : item.children.map((c) => ({ ...c, depth: 1 }));
  if (members.length <= 1) return null;
  return (
    <section className="side" aria-label={t('evidence.family.title')}>
      <h2>
        <T id="evidence.family.title" />
      </h2>
      <ul className="members">
        {members.map((m) => (
          <Member key={m.id} member={m} here={m.id === item.id} links={links} />
        ))}
      </ul>
    </section>
  );
}
