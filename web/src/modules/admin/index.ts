import type { Module } from '../../app/module';

export const admin: Module = {
  id: 'admin',
  title: 'admin.nav',
  routes: [
    { path: '/people', title: 'admin.people.title', page: () => import('./people/PeoplePage') },
    { path: '/ledger', title: 'admin.ledger.title', page: () => import('./ledger/LedgerPage') },
  ],
  nav: [
    { to: '/people', label: 'admin.people.title', permission: 'admin.people' },
    { to: '/ledger', label: 'admin.ledger.title', permission: 'admin.ledger' },
  ],
  actions: [],
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
};
