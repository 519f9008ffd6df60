import type { Module } from '../../app/module';

export const identity: Module = {
  id: 'identity',
  title: 'identity.title',
  routes: [{ path: '/identity', title: 'identity.title', page: () => import('./IdentityPage') }],
  nav: [{ to: '/identity', label: 'identity.title', permission: 'identity' }],
  actions: [],
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
};
