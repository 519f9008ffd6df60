import type { LedgerFilter } from '../../../api/types';

export const NO_FILTER: LedgerFilter = { who: '', act: '', object: '', from: '', to: '' };

// Days are the auditor's; the server is asked in UTC, the last day included.
export const asked = (f: LedgerFilter): LedgerFilter => ({
  who: f.who.trim(),
  act: f.act.trim(),
  object: f.object.trim(),
  from: f.from && `${f.from}T00:00:00Z`,
  to: f.to && `${f.to}T23:59:59Z`,
});
