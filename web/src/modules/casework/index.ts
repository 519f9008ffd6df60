import type { Module } from '../../app/module';

export const casework: Module = {
  id: 'casework',
  title: 'casework.nav',
  routes: [
    { path: '/proof/$code', title: 'casework.proof.title', page: () => import('./MatrixPage'), search: ['view', 'standard'] },
    { path: '/priorities', title: 'casework.priority.title', page: () => import('./PrioritiesPage'), search: ['case'] },
    { path: '/warrants/public', title: 'casework.public.title', page: () => import('./WarrantsPage') },
  ],
  nav: [],
  actions: [],
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
};
