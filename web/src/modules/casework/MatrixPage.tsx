// The proof of a person in a case, or of one count: matrix, by element, by source, by item, and what is missing.
import { Button, FormSelect, FormSelectOption, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { proof, type CountRow, type ElementRow, type Matrix } from '../../api/proof';
import { Loaded, ProblemAlert } from '../../app/problem';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { save } from '../../ui/save';
import { visible } from '../../ui/text';
import { Code, Num } from '../../ui/Words';
import { ByElement, BySide, Gaps } from './Sides';
import { Frozen } from './Frozen';
import { Rate } from './Rate';
import { useWords } from './words';
import './proof.css';

const VIEWS = ['matrix', 'elements', 'sources', 'items', 'gaps'] as const;
const FORMATS = ['xlsx', 'docx', 'pdf'] as const;

function Level({ matrix, count }: { matrix: Matrix; count: CountRow }) {
  const { word, named } = useWords(matrix);
  const mode = count.modes.find((m) => m.code === count.best_mode);
  const weakest = count.elements.filter((e) => count.weakest.includes(e.code)).map(named);
  return (
    <p className="small">
      <strong>
        {count.level === null ? <T id="casework.proof.noLevel" /> : <T id="casework.proof.level" values={{ level: word('proof_rating', count.level), mode: mode ? named(mode) : '' }} />}
      </strong>{' '}
      <span className="muted">{weakest.length > 0 && <T id="casework.proof.held" values={{ n: weakest.length, what: weakest.slice(0, 3).join('; ') }} />}</span>
    </p>
  );
}

function Row({ matrix, element, onRate }: { matrix: Matrix; element: ElementRow; onRate: () => void }) {
  const t = useT();
  const { word, named } = useWords(matrix);
  const c = element.coverage;
  const note =
    element.type === 'crime' ? 'casework.proof.noElements'
    : element.type === 'left' ? 'casework.proof.left'
    : element.mandatory ? undefined
    : element.code === element.mode ? 'casework.proof.asWhole'
    : 'casework.proof.notMandatory';
  return (
    <tr>
      <th scope="row" className="proof-element">
        <bdi>{named(element)}</bdi>
        {note && (
          <span className="small muted">
            {' '}
            <T id={note} />
          </span>
        )}
      </th>
      <td>
        <strong className={element.level === null || element.level === 'X' ? 'danger' : undefined}>{element.level === null ? t('casework.proof.notRated') : word('proof_rating', element.level)}</strong>
        {element.ratings.length > 1 && (
          <span className="small muted">
            {' '}
            <T id="casework.proof.reviewers" values={{ n: element.ratings.length }} />
          </span>
        )}{' '}
        {!matrix.frozen && element.type !== 'crime' && element.type !== 'left' && (
          <Button variant="link" isInline size="sm" onClick={onRate}>
            <T id="casework.proof.rate" />
            <span className="sr">: {named(element)}</span>
          </Button>
        )}
      </td>
      <td className="end">
        <Num of={element.propositions.length} />
      </td>
      <td className="end">
        <Num of={c.incriminating} />
      </td>
      <td className={c.exonerating ? 'end danger' : 'end'}>
        <Num of={c.exonerating} />
      </td>
      <td>
        <Num of={c.sources} /> <span className="small muted">{c.types.map((x) => `${x.code ? named(x) : t('casework.proof.noType')}: ${x.sources}`).join('; ')}</span>
      </td>
      <td className={c.depends ? 'end danger' : 'end'}>
        <Num of={c.disclosable_sources} />
      </td>
      <td className="small">{element.gaps.map((g) => t(`casework.gap.${g}`)).join('; ')}</td>
    </tr>
  );
}

// Heads the elements of a mode, with the level of the count under that mode.
function ModeHead({ matrix, count, mode }: { matrix: Matrix; count: CountRow; mode: string }) {
  const { word, named } = useWords(matrix);
  const of = count.modes.find((m) => m.code === mode);
  if (!of) return null;
  return (
    <tr className="proof-mode">
      <th scope="rowgroup" colSpan={HEADS.length}>
        <bdi>{named(of)}</bdi>{' '}
        <span className="small muted">{of.level === null ? <T id="casework.proof.modeNoLevel" /> : <T id="casework.proof.modeLevel" values={{ level: word('proof_rating', of.level) }} />}</span>
      </th>
    </tr>
  );
}

const HEADS = ['element', 'rating', 'propositions', 'incriminating', 'exonerating', 'sources', 'disclosable', 'missing'] as const;
const NUMBERS = new Set<string>(['propositions', 'incriminating', 'exonerating', 'disclosable']);

function TheMatrix({ matrix }: { matrix: Matrix }) {
  const { named } = useWords(matrix);
  const [rating, setRating] = useState<{ count: CountRow; element: ElementRow } | null>(null);
  return (
    <>
      {matrix.counts.map((count) => (
        <section key={count.code} className="card wide below" aria-labelledby={`count-${count.code}`}>
          <h2 id={`count-${count.code}`}>
            <Link to="/record/$code" params={{ code: count.code }} search={{}}>
              <Code>{count.code}</Code> <bdi>{visible(count.title)}</bdi>
            </Link>
          </h2>
          <p className="small muted">
            {named(count.crime)} · {count.modes.map(named).join(' / ')}
          </p>
          <Level matrix={matrix} count={count} />
          <div className="proof-scroll" tabIndex={0} role="region" aria-labelledby={`count-${count.code}`}>
            <table className="dt">
              <thead>
                <tr>
                  {HEADS.map((h) => (
                    <th key={h} scope="col" className={NUMBERS.has(h) ? 'end' : undefined}>
                      <T id={`casework.head.${h}`} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {count.elements.map((e, i) => (
                  <Fragment key={e.code}>
                    {e.mode !== '' && e.mode !== count.elements[i - 1]?.mode && <ModeHead matrix={matrix} count={count} mode={e.mode} />}
                    <Row matrix={matrix} element={e} onRate={() => setRating({ count, element: e })} />
                  </Fragment>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
      {rating && <Rate matrix={matrix} {...rating} onClose={() => setRating(null)} />}
    </>
  );
}

function Page({ matrix }: { matrix: Matrix }) {
  const t = useT();
  const label = useLabel();
  const navigate = useNavigate();
  const { view = 'matrix' } = useSearch({ strict: false }) as { view?: string };
  const { code } = useParams({ strict: false }) as { code: string };
  const go = (search: object) => void navigate({ to: '/proof/$code', params: { code }, search: ((now: object) => ({ ...now, ...search })) as never, replace: true });
  const file = useMutation({ mutationFn: (format: string) => proof.chart(code, format, matrix.standard), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <Link to="/record/$code" params={{ code: matrix.code }} search={{}}>
          <Code>{matrix.code}</Code>
        </Link>
        <h1>
          <T id="casework.proof.of" values={{ what: visible(matrix.title) }} />
        </h1>
        <ToggleGroup aria-label={t('casework.proof.views')} isCompact>
          {VIEWS.map((v) => (
            <ToggleGroupItem key={v} text={t(`casework.view.${v}`)} buttonId={`proof-${v}`} isSelected={view === v} onChange={() => go({ view: v === 'matrix' ? undefined : v })} />
          ))}
        </ToggleGroup>
        {!matrix.frozen && (
          <FormSelect id="standard" className="f-select proof-standard" value={matrix.standard} onChange={(_, v) => go({ standard: v || undefined })} aria-label={t('casework.proof.standard')}>
            <FormSelectOption value="" label={t('casework.proof.anyStandard')} />
            {matrix.vocabularies.standard_of_proof?.map((s) => (
              <FormSelectOption key={s.code} value={s.code} label={label(s)} />
            ))}
          </FormSelect>
        )}
        <span className="grow" />
        {FORMATS.map((f) => (
          <Button key={f} variant="secondary" size="sm" isDisabled={file.isPending} onClick={() => file.mutate(f)}>
            {f.toUpperCase()}
          </Button>
        ))}
      </div>
      {file.error && <ProblemAlert error={file.error} />}
      <div className="scroll pad" tabIndex={0} role="region" aria-label={t(`casework.view.${view}`)}>
        {matrix.frozen && <Frozen matrix={matrix} frozen={matrix.frozen} />}
        {matrix.counts.length === 0 && (
          <p className="muted">
            <T id="casework.proof.none" />
          </p>
        )}
        {view === 'matrix' && <TheMatrix matrix={matrix} />}
        {view === 'elements' && <ByElement matrix={matrix} />}
        {(view === 'sources' || view === 'items') && <BySide key={view} matrix={matrix} by={view} />}
        {view === 'gaps' && <Gaps matrix={matrix} />}
      </div>
    </div>
  );
}

export default function MatrixPage() {
  const { code } = useParams({ strict: false }) as { code: string };
  const { standard = '' } = useSearch({ strict: false }) as { standard?: string };
  return <Loaded query={useQuery({ queryKey: ['proof', code, standard], queryFn: ({ signal }) => proof.matrix(code, standard, signal), staleTime: 10_000 })}>{(m) => <Page matrix={m} />}</Loaded>;
}
