// What the server takes and answers, by the names that the screens use: made of its OpenAPI document (tools/api).
import type { Operations, Processing } from './schema';

export type {
  Account, CaseHome, CaseRow, Count, Custody, CustodyRow, Delivery, Derived, Hit, Item, ItemText, Job, LedgerRow, OpenSession,
  PasskeyChallenge, PasskeyRequest, Person, Processing, Relative, Role, Roles, SearchAnswer, SearchNamed, Session, Sort, Strength, Tag,
  UploadFile, Words as Label,
} from './schema';
export type HitWindow = Operations['search.hits']['gives'];
export type SearchRequest = Operations['case.search']['takes'];
export type LedgerPage = Operations['ledger.read']['gives'];
export type UploadStart = Operations['upload.begin']['takes'];

// folder: of the forensic path; filed: where people put it
export const FACETS = ['tag', 'issue', 'filed', 'type', 'language', 'year', 'custodian', 'folder'] as const;
export type FacetName = (typeof FACETS)[number] | 'place'; // place: south,west,north,east, chosen on the map
export type Chosen = Partial<Record<FacetName, string[]>>;
export type LedgerFilter = { who: string; act: string; object: string; from: string; to: string };

export type ProcessingEvent = Processing;
export type SessionEvent = { ends: string };
