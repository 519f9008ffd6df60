import type { Locale, MessageFiles, Messages } from './module';
import { modules } from './modules';

const files: MessageFiles[] = [
  { en: () => import('./messages/en.json'), fr: () => import('./messages/fr.json') },
  { en: () => import('../ui/messages/en.json'), fr: () => import('../ui/messages/fr.json') },
  ...modules.map((m) => m.messages),
];

export async function loadMessages(locale: Locale): Promise<Messages> {
  const loaded = await Promise.all(files.map((f) => f[locale]()));
  return Object.assign({}, ...loaded.map((m) => m.default)) as Messages;
}
