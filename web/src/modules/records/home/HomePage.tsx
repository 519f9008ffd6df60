// What a person finds first: the home that the office declares for their roles, of all cases or of one.
import { Alert, Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { digest, home, type Home, type Tile } from '../../../api/home';
import { askPurpose } from '../../../app/missing';
import { Loaded, Loading, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { save } from '../../../ui/save';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { CountsOf, ListOf, TasksOf } from './Lists';
import { CasesOf, TableOf } from './Tables';
import './home.css';

const PictureOf = lazy(() => import('./Pictures'));

function Shown({ tile, caseId, of }: { tile: Tile; caseId: string | undefined; of: string }) {
  if (tile.show === 'counts') return <CountsOf tile={tile} caseId={caseId} />;
  if (tile.show === 'list') return <ListOf tile={tile} caseId={caseId} />;
  if (tile.show === 'tasks') return <TasksOf tile={tile} caseId={caseId} />;
  if (tile.show === 'table') return <TableOf tile={tile} caseId={caseId} />;
  if (tile.show === 'cases') return <CasesOf tile={tile} caseId={caseId} of={of} />;
  return (
    <Suspense fallback={<Loading />}>
      <PictureOf tile={tile} caseId={caseId} />
    </Suspense>
  );
}

// Nothing is counted of a case as long as one has not said why one works in it: that is said, not left to be guessed.
function Silent({ cases, onChosen }: { cases: Home['silent']; onChosen: () => void }) {
  const t = useT();
  if (cases.length === 0) return null;
  return (
    <Alert
      isInline
      variant="info"
      title={t('records.home.silent', { n: cases.length })}
      actionLinks={cases.slice(0, 8).map((c) => (
        <Button key={c.id} variant="link" isInline onClick={() => void askPurpose(c.id).then((chosen) => chosen && onChosen())}>
          <T id="records.home.purpose" values={{ code: c.code }} />
        </Button>
      ))}
    />
  );
}

function Page({ data, reload }: { data: Home; reload: () => void }) {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const of = data.home!;
  const caseId = data.case?.id;
  const file = useMutation({ mutationFn: () => digest(of, caseId), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          {label(data.label)}
          {data.case && (
            <>
              {' · '}
              <Code>{data.case.code}</Code> <bdi>{visible(data.case.title)}</bdi>
            </>
          )}
        </h1>
        {data.case && (
          <Link to="/home" search={{ of } as never}>
            <T id="records.home.allCases" />
          </Link>
        )}
        <span className="grow" />
        {data.homes.length > 1 && (
          <ToggleGroup aria-label={t('records.home.which')} isCompact>
            {data.homes.map((h) => (
              <ToggleGroupItem key={h.home} text={label(h.label)} buttonId={`home-${h.home}`} isSelected={h.home === of} onChange={() => void navigate({ to: '/home', search: { of: h.home } as never })} />
            ))}
          </ToggleGroup>
        )}
        <Button variant="secondary" size="sm" isDisabled={file.isPending} onClick={() => file.mutate()}>
          <T id="records.home.digest" />
        </Button>
        <Button variant="link" size="sm" onClick={reload}>
          <T id="records.home.reload" />
        </Button>
      </div>
      {file.error && <ProblemAlert error={file.error} />}
      <div className="scroll pad" tabIndex={0} role="region" aria-label={label(data.label)}>
        <Silent cases={data.silent} onChosen={reload} />
        <div className="cards home-tiles">
          {(data.tiles ?? []).map((tile) => (
            <section key={tile.tile} className={tile.wide ? 'card wide' : 'card'} aria-labelledby={`tile-${tile.tile}`}>
              <h2 id={`tile-${tile.tile}`}>{label(tile.title)}</h2>
              <Shown tile={tile} caseId={caseId} of={of} />
            </section>
          ))}
        </div>
        <p className="muted small above">{t('records.home.source', { source: data.source ?? '', version: data.version ?? 1 })}</p>
      </div>
    </div>
  );
}

export default function HomePage() {
  const search = useSearch({ strict: false }) as { of?: string; case?: string };
  const answer = useQuery({ queryKey: ['home', search.of ?? '', search.case ?? ''], queryFn: ({ signal }) => home(search.of, search.case, signal), staleTime: 15_000 });
  return <Loaded query={answer}>{(data) => (data.home === null ? <Navigate to="/cases" replace /> : <Page data={data} reload={() => void answer.refetch()} />)}</Loaded>;
}
