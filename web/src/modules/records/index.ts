import type { Module } from '../../app/module';
import { RECORDS_ACTIONS } from './actions';

export const records: Module = {
  id: 'records',
  title: 'records.nav',
  routes: [
    { path: '/home', title: 'records.home.title', page: () => import('./home/HomePage'), search: ['of', 'case'] },
    { path: '/inbox', title: 'records.inbox.title', page: () => import('./inbox/InboxPage') },
    { path: '/find', title: 'records.find.title', page: () => import('./find/FindPage') },
    { path: '/records/$kind', title: 'records.list.title', page: () => import('./list/ListPage'), search: ['tab', 'by', 'q'] },
    { path: '/records/$kind/new', title: 'records.form.new', page: () => import('./form/NewPage') },
    { path: '/records/$kind/import', title: 'records.load.title', page: () => import('./load/ImportPage') },
    { path: '/record/$code', title: 'records.page.title', page: () => import('./record/RecordPage'), search: ['as'] },
    { path: '/record/$code/edit', title: 'records.form.edit', page: () => import('./form/EditPage') },
    { path: '/time-limits', title: 'records.limits.title', page: () => import('./limits/LimitsPage'), search: ['from'] },
    { path: '/patterns', title: 'records.patterns.title', page: () => import('./patterns/PatternsPage'), search: ['case', 'family'] },
    { path: '/manual', title: 'records.manual.title', page: () => import('./manual/ManualPage') },
    { path: '/templates', title: 'records.documents.templates', page: () => import('./documents/TemplatesPage') },
    { path: '/templates/$name', title: 'records.documents.template', page: () => import('./documents/TemplatePage') },
    { path: '/vocabularies', title: 'records.vocabulary.list', page: () => import('./vocabulary/ListPage') },
    { path: '/vocabularies/$name', title: 'records.vocabulary.title', page: () => import('./vocabulary/VocabularyPage') },
  ],
  nav: [
    { to: '/home', label: 'records.home.title' },
    { to: '/inbox', label: 'records.inbox.title' },
    { to: '/find', label: 'records.find.title' },
    { to: '/time-limits', label: 'records.limits.title' },
    { to: '/manual', label: 'records.manual.title' },
    { to: '/templates', label: 'records.documents.templates' },
    { to: '/vocabularies', label: 'records.vocabulary.list' },
  ],
  actions: RECORDS_ACTIONS,
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
  side: () => import('./Side'),
  masthead: () => import('./inbox/Counter'),
};
