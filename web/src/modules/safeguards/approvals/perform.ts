import { labels, type Approval, type Clearance, type Class } from '../../../api/rights';
import { people } from '../../../api/server';

// Acts that are done from the list of approvals; others are done where they belong.
export const performable = (a: Approval) => a.kind === 'case' || a.kind === 'account';

// Does what was approved, exactly as it was asked for, with the reason that was given for it.
export async function perform(a: Approval): Promise<void> {
  if (a.kind === 'case') {
    const { etag } = await labels.one(a.object);
    const what = a.what as { classification: Class; compartments: string[] };
    await labels.set(a.object, { ...what, reason: a.reason }, etag);
    return;
  }
  const person = (await people.all()).people.find((p) => p.id === a.object);
  await labels.clear(a.object, { ...(a.what as Clearance), reason: a.reason }, person?.etag ?? '""');
}
