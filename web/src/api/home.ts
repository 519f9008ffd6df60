// The home of a person, as GET /home gives it: everything that its tiles show (docs/formats/records.md).
import { fetchFile, get, params } from './client';
import type { Operations } from './schema';

export type { CaseName, CasesTile, CountsTile, ListRow, ListTile, MapTile, Part, TableTile, TaskRow, TasksTile, Tile, TileValue as Value, TimesTile } from './schema';
// silent: cases of which nothing is counted, as the person has not said why they work in them
export type Home = Operations['home.read']['gives'];
export type HomeName = Home['homes'][number];

export const home = (of: string | undefined, caseId: string | undefined, signal?: AbortSignal) => get<Home>(`/home${params({ of, case: caseId })}`, signal);
export const digest = (of: string, caseId: string | undefined) => fetchFile(`/home/digest${params({ of, case: caseId, format: 'pdf' })}`);
