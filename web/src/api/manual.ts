// The operations manual in force, as GET /manual gives it (docs/formats/records.md).
import { get } from './client';
import type { Operations } from './schema';

export type { ManualChapter } from './schema';
export type Manual = Operations['manual.read']['gives'];

export const manual = { read: (signal?: AbortSignal) => get<Manual>('/manual', signal) };
