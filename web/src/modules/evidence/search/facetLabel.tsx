import type { ReactNode } from 'react';
import type { FacetName } from '../../../api/types';
import { Name, useLanguageName } from '../../../ui/Words';
import { useTypeWord } from '../typeWord';

// The value of a facet as it is read: types and languages by name, the rest as it stands in the evidence.
export function useFacetLabel(): (name: FacetName, value: string) => ReactNode {
  const typeWord = useTypeWord();
  const languageName = useLanguageName();
  return (name, value) => {
    if (name === 'type') return typeWord(value);
    if (name === 'language') return languageName(value);
    return <Name of={value} />;
  };
}
