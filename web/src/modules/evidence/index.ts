import type { Module } from '../../app/module';
import { EVIDENCE_ACTIONS } from './actions';

export const evidence: Module = {
  id: 'evidence',
  title: 'evidence.nav',
  routes: [
    { path: '/cases', title: 'evidence.cases.title', page: () => import('./cases/CasesPage') },
    { path: '/cases/$case', title: 'evidence.home.title', page: () => import('./home/HomePage') },
    { path: '/cases/$case/search', title: 'evidence.search.title', page: () => import('./search/SearchPage'), search: ['s'] },
    { path: '/cases/$case/items/$item', title: 'evidence.item.title', page: () => import('./item/ItemPage'), search: ['s'] },
    { path: '/cases/$case/terms', title: 'evidence.terms.title', page: () => import('./terms/TermsPage') },
    { path: '/cases/$case/folders', title: 'evidence.filing.title', page: () => import('./tags/FilingPage') },
    { path: '/cases/$case/hand-overs', title: 'evidence.handOver.title', page: () => import('./custody/HandOversPage') },
    { path: '/cases/$case/upload', title: 'evidence.upload.title', page: () => import('./upload/UploadPage') },
  ],
  nav: [
    { to: '/cases', label: 'evidence.cases.title' },
    { to: '/cases/$case', label: 'evidence.home.title', inCase: true },
    { to: '/cases/$case/search', label: 'evidence.search.title', inCase: true },
    { to: '/cases/$case/folders', label: 'evidence.filing.title', inCase: true },
    { to: '/cases/$case/terms', label: 'evidence.terms.title', inCase: true },
    { to: '/cases/$case/hand-overs', label: 'evidence.handOver.title', inCase: true },
    { to: '/cases/$case/upload', label: 'evidence.upload.title', inCase: true, permission: 'evidence.upload' },
  ],
  actions: EVIDENCE_ACTIONS,
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
};
