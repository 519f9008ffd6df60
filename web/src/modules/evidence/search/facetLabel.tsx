import type { ReactNode } from 'react';
import type { FacetName } from '../../../api/types';
import { placeWords } from '../around/place';
import { Name, useLanguageName } from '../../../ui/Words';
import { useCaseId, useTags } from '../data';
import { useTagName } from '../tags/names';
import { useTypeWord } from '../typeWord';

// The value of a facet as it is read: types and languages by name, the rest as it stands in the evidence.
export function useFacetLabel(): (name: FacetName, value: string) => ReactNode {
  const typeWord = useTypeWord();
  const languageName = useLanguageName();
  const tagName = useTagName();
  const issues = useTags(useCaseId(), 'issue').data?.tags;
  return (name, value) => {
    if (name === 'issue') return <bdi>{tagName(issues?.find((i) => i.path === value)) || value}</bdi>;
    if (name === 'type') return typeWord(value);
    if (name === 'place') return <bdi dir="ltr">{placeWords(value)}</bdi>;
    if (name === 'language') return languageName(value);
    return <Name of={value} />;
  };
}
