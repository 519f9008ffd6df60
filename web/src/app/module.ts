// What a module of the front end gives to the shell. The shell knows modules only through the list in modules.ts.
import type { ComponentType } from 'react';

export const LOCALES = ['en', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];
export type Messages = Record<string, string>;
export type MessageFiles = Record<Locale, () => Promise<{ default: Messages }>>;

export type PageRoute = {
  path: string; // '$case' and '$item' are opaque ids
  title: string; // message id; titles never name a case, an item or a person
  page: () => Promise<{ default: ComponentType }>;
  search?: readonly string[]; // the parameters that the page keeps in its address: opaque ids only
};

export type NavEntry = { to: string; label: string; permission?: string; inCase?: boolean };

// A key and what it does. One table holds them all; pages only say what happens.
export type Action = {
  id: string;
  keys: readonly string[]; // act on the whole page
  listKeys?: readonly string[]; // act while a list has the focus
  label: string;
  group: string;
};

export type Module = {
  id: string;
  title: string;
  routes: readonly PageRoute[];
  nav: readonly NavEntry[];
  actions: readonly Action[];
  messages: MessageFiles;
  side?: () => Promise<{ default: ComponentType<{ path: string }> }>; // further groups of the menu, known only from the server
  masthead?: () => Promise<{ default: ComponentType<{ path: string }> }>; // a tool of the line above every page
};
