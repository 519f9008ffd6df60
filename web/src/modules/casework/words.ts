// Words of the vocabularies that the matrix brings along.
import { useCallback } from 'react';
import type { Matrix, Named } from '../../api/proof';
import { useLabel } from '../../ui/label';

export function useWords(matrix: Matrix): { word: (vocabulary: string, code: string | null) => string; named: (n: Named) => string } {
  const label = useLabel();
  const word = useCallback((vocabulary: string, code: string | null) => (code ? label(matrix.vocabularies[vocabulary]?.find((c) => c.code === code)) || code : ''), [label, matrix]);
  const named = useCallback((n: Named) => label(n.label) || n.code, [label]);
  return { word, named };
}
