// The list behind a number: the same question, asked of the list.
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Part } from '../../../api/home';
import type { Filter } from '../../../api/kinds';
import { EMPTY } from '../list/filter';
import { listKey, type ListState } from '../list/useList';

type Props = { part: Part; more?: readonly Filter[]; caseId: string | undefined; className?: string | undefined; label?: string; children: ReactNode };

export function Behind({ part, more = [], caseId, className, label, children }: Props) {
  const cache = useQueryClient();
  const own: Filter[] = caseId && !more.some((f) => f.field === 'case') ? [{ field: 'case', op: 'is', value: caseId }] : [];
  const state: ListState = { filter: [...part.filter, ...more, ...own], sort: part.sort.length ? part.sort : EMPTY.sort, words: '', case: '', view: '' };
  return (
    <Link
      to="/records/$kind"
      params={{ kind: part.kind }}
      className={className}
      aria-label={label}
      onClick={() => {
        cache.setQueryDefaults(['list'], { gcTime: Infinity });
        cache.setQueryData(listKey(part.kind), state);
      }}
    >
      {children}
    </Link>
  );
}
