import type { Module } from '../../app/module';

export const safeguards: Module = {
  id: 'safeguards',
  title: 'safeguards.nav',
  routes: [
    { path: '/approvals', title: 'safeguards.approvals.title', page: () => import('./approvals/ApprovalsPage') },
    { path: '/break-glass', title: 'safeguards.glass.title', page: () => import('./glass/GlassPage') },
    { path: '/recoveries', title: 'safeguards.recovery.title', page: () => import('./recovery/RecoveriesPage') },
    { path: '/alarms', title: 'safeguards.alarms.title', page: () => import('./alarms/AlarmsPage') },
  ],
  nav: [
    { to: '/approvals', label: 'safeguards.approvals.title' },
    { to: '/alarms', label: 'safeguards.alarms.title' },
    { to: '/break-glass', label: 'safeguards.glass.title', permission: 'admin.break_glass.see' },
    { to: '/recoveries', label: 'safeguards.recovery.title', permission: 'admin.recovery' },
  ],
  actions: [],
  messages: { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
};
