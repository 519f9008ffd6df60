// The ranking of prioritisations, as GET /priorities gives it (docs/formats/records.md).
import { fetchFile, get, params } from './client';
import type { Operations } from './schema';

export type { Ranked } from './schema';
export type Priorities = Operations['priority.rank']['gives'];

export const priorities = {
  of: (inCase: string, signal?: AbortSignal) => get<Priorities>(`/priorities${params({ case: inCase })}`, signal),
  chart: (inCase: string, format: string) => fetchFile(`/priorities/chart${params({ case: inCase, format })}`),
};
