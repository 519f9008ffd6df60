import { NavExpandable, NavGroup, NavItem } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useWord } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import type { KindRow } from '../../api/kinds';
import { useKinds } from './data';

const FEW = 4;

const isAt = (path: string, k: KindRow) => path === `/records/${k.kind}` || path.startsWith(`/records/${k.kind}/`);

function Kinds({ kinds, path }: { kinds: readonly KindRow[]; path: string }) {
  const label = useLabel();
  return kinds.map((k) => (
    <NavItem key={k.kind} isActive={isAt(path, k)}>
      <Link to="/records/$kind" params={{ kind: k.kind }} aria-current={isAt(path, k) ? 'page' : undefined}>
        {label(k.plural)}
      </Link>
    </NavItem>
  ));
}

// The kinds of records that this person may see somewhere, by their module. Many kinds fold into one line.
export default function Side({ path }: { path: string }) {
  const word = useWord();
  const all = useKinds().data?.kinds ?? [];
  return [...new Set(all.map((k) => k.module))].map((module) => {
    const kinds = all.filter((k) => k.module === module);
    const title = word('records.module', module);
    if (kinds.length <= FEW) {
      return (
        <NavGroup key={module} title={title}>
          <Kinds kinds={kinds} path={path} />
        </NavGroup>
      );
    }
    const active = kinds.some((k) => isAt(path, k));
    return (
      <NavGroup key={module} title={title}>
        <NavExpandable key={String(active)} title={word('records.nav.all', module)} isActive={active} isExpanded={active}>
          <Kinds kinds={kinds} path={path} />
        </NavExpandable>
      </NavGroup>
    );
  });
}
