// The proof matrix, as GET /proof-matrix/{code} gives it (docs/formats/records.md).
import { at, fetchFile, get, params } from './client';
import type { Operations } from './schema';

export type { Coded as Named, CountRow, Coverage, ElementRating as Rating, ElementRow, ProofLink, Proposition } from './schema';
export type Matrix = Operations['proof.read']['gives'];

export const proof = {
  matrix: (code: string, standard: string, signal?: AbortSignal) => get<Matrix>(`/proof-matrix/${at(code)}${params({ standard })}`, signal),
  chart: (code: string, format: string, standard: string) => fetchFile(`/proof-matrix/${at(code)}/chart${params({ format, standard })}`),
};
