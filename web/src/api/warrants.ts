// What the office has made public of its warrants, as GET /warrants/public gives it (docs/formats/records.md).
import { fetchFile, get, params } from './client';
import type { Operations } from './schema';

export type { PublicWarrant } from './schema';
export type PublicView = Operations['warrant.public']['gives'];

export const warrants = {
  view: (signal?: AbortSignal) => get<PublicView>('/warrants/public', signal),
  file: (format: string) => fetchFile(`/warrants/public/file${params({ format })}`),
};
