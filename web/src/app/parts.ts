// The parts that modules give to the shell itself, loaded after the first page is drawn.
import { lazy } from 'react';
import { modules } from './modules';

export const moduleParts = (part: 'side' | 'masthead') =>
  modules.flatMap((m) => (m[part] ? [{ id: m.id, Part: lazy(m[part]) }] : []));
