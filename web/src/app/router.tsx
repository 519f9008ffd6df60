// Addresses live behind the #: they hold opaque ids only, and even those never reach a server's or a proxy's log.
import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, parseSearchWith, redirect, stringifySearchWith } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { PageRoute } from './module';
import { modules } from './modules';
import { Loading, NotFound, ProblemAlert } from './problem';
import { Shell } from './Shell';
import { useTitle } from './title';

// The parameters a page names, as text; whatever else stands in the address is dropped.
export function keepOnly(names: readonly string[], search: Record<string, unknown>): Record<string, string> {
  const kept = names.filter((n) => typeof search[n] === 'string' && search[n] !== '');
  return Object.fromEntries(kept.map((n) => [n, search[n] as string]));
}

function titled(page: PageRoute['page'], title: string): PageRoute['page'] {
  return async () => {
    const { default: Page } = await page();
    const Titled = () => {
      useTitle(title);
      return <Page />;
    };
    return { default: Titled };
  };
}

function ErrorScreen({ error, reset }: { error: unknown; reset: () => void }) {
  useEffect(() => () => reset(), [reset]);
  return (
    <div className="pad">
      <ProblemAlert error={error} onRetry={() => location.reload()} />
    </div>
  );
}

const account: PageRoute = {
  path: '/account',
  title: 'app.account.title',
  page: () => import('./account/AccountPage'),
};

export function makeRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
  const pages = [account, ...modules.flatMap((m) => m.routes)].map(({ path, page, title, search = [] }) =>
    createRoute({
      getParentRoute: () => root,
      path,
      validateSearch: (s: Record<string, unknown>) => keepOnly(search, s),
      component: lazyRouteComponent(titled(page, title)),
    }),
  );
  const start = createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/home' });
    },
  });
  return createRouter({
    routeTree: root.addChildren([start, ...pages]),
    history: createHashHistory(),
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
    defaultPendingComponent: Loading,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ErrorScreen,
  });
}
