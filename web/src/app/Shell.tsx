import { Masthead, MastheadBrand, MastheadContent, MastheadMain, MastheadToggle, Nav, NavGroup, NavItem, Page, PageSection, PageSidebar, PageSidebarBody, PageToggleButton } from '@patternfly/react-core';
import { BarsIcon } from '@patternfly/react-icons/dist/esm/icons/bars-icon';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { Fragment, lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { T, useT } from '../ui/i18n';
import { CaseGate } from './case/CaseGate';
import { APP_ACTIONS, useActionKeys, useActions } from './actions';
import { moduleParts } from './parts';
import { MastheadTools } from './MastheadTools';
import type { NavEntry } from './module';
import { PurposeAsked } from './missing';
import { modules } from './modules';
import { usePrefs } from './prefs';
import { useMay } from './session';
import { SessionWarning } from './SessionWarning';

const KeysDialog = lazy(() => import('./KeysDialog'));

const SIDES = moduleParts('side');

function Entry({ entry, caseId, path }: { entry: NavEntry; caseId: string | undefined; path: string }) {
  const to = entry.to.replace('$case', caseId ?? '');
  const active = path === to || (entry.to !== '/cases' && entry.to !== '/cases/$case' && path.startsWith(`${to}/`));
  return (
    <NavItem isActive={active}>
      <Link to={to} aria-current={active ? 'page' : undefined}>
        <T id={entry.label} />
      </Link>
    </NavItem>
  );
}

function Side({ path }: { path: string }) {
  const t = useT();
  const may = useMay();
  const { case: caseId } = useParams({ strict: false }) as { case?: string };
  const groups = modules.flatMap((m) => [
    { id: m.id, title: m.title, nav: m.nav.filter((e) => !e.inCase && may(e.permission)) },
    { id: `${m.id}-case`, title: 'app.nav.case', nav: caseId ? m.nav.filter((e) => e.inCase && may(e.permission)) : [] },
  ]);
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={t('app.nav')}>
          {groups.map(({ id, title, nav }) => (
            <Fragment key={id}>
              {nav.length > 0 && (
                <NavGroup title={t(title)}>
                  {nav.map((e) => (
                    <Entry key={e.to} entry={e} caseId={caseId} path={path} />
                  ))}
                </NavGroup>
              )}
              {SIDES.filter((s) => s.id === id).map(({ Part }) => (
                <Suspense key={id} fallback={null}>
                  <Part path={path} />
                </Suspense>
              ))}
            </Fragment>
          ))}
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

// A new page is announced by moving the focus to its main part; the first page is left to the browser.
function useFocusOnMove(path: string) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}

export function Shell() {
  const t = useT();
  const { keys } = usePrefs();
  const path = useLocation({ select: (l) => l.pathname });
  const table = useMemo(() => [...APP_ACTIONS, ...modules.flatMap((m) => m.actions)], []);
  const { case: caseId } = useParams({ strict: false }) as { case?: string };
  const [help, setHelp] = useState(false);
  useActionKeys(table, keys);
  useActions({ 'app.keys': () => setHelp(true) });
  useFocusOnMove(path);
  const masthead = (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton aria-label={t('app.nav.toggle')} id="nav-toggle">
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <strong className="brand">Custos</strong>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <MastheadTools path={path} onKeys={() => setHelp(true)} />
      </MastheadContent>
    </Masthead>
  );
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        <T id="app.skip" />
      </button>
      <Page mainContainerId="main" isManagedSidebar isContentFilled masthead={masthead} sidebar={<Side path={path} />}>
        <PageSection isFilled hasBodyWrapper={false} padding={{ default: 'noPadding' }} className="fill" aria-label={t('app.content')}>
          <SessionWarning />
          <CaseGate caseId={caseId}>
            <Outlet />
          </CaseGate>
        </PageSection>
      </Page>
      <PurposeAsked />
      {help && (
        <Suspense fallback={null}>
          <KeysDialog table={table} onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </>
  );
}
