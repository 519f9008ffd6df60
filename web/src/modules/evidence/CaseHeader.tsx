import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { T } from '../../ui/i18n';
import { Code } from '../../ui/Words';
import { useCase } from './data';

// The line above every page of a case: which case this is, and where in it.
export function CaseHeader({ caseId, title, children }: { caseId: string; title: string; children?: ReactNode }) {
  const { data } = useCase(caseId);
  return (
    <div className="pane-h">
      <h1>
        <T id={title} />
      </h1>
      {data && (
        <Link to="/cases/$case" params={{ case: caseId }}>
          <Code>{data.code}</Code> <bdi>{data.title}</bdi>
        </Link>
      )}
      <span className="grow" />
      {children}
    </div>
  );
}
