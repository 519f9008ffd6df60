import { isProblem } from '../../../api/client';
import type { FieldError } from '../../../api/records';
import type { Wrong } from '../declare/check';

// The errors of a 422, as they are shown beside fields.
export function refusedBy(error: unknown): Wrong[] {
  if (!isProblem(error, 422)) return [];
  const { errors } = error.body as { errors?: FieldError[] };
  return Array.isArray(errors) ? errors.map((e) => ({ field: e.field ?? '', message: e.message })) : [];
}
