// Folders and the coding scheme of a case: trees of what items are put in and bear; chosen one by one, made, changed.
import { Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Tag, TagKind } from '../../../api/filing';
import { searches } from '../../../api/server';
import { Loaded } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { Bytes, Code, Name } from '../../../ui/Words';
import { CaseHeader } from '../CaseHeader';
import { CustodyActs } from '../custody/CustodyActs';
import '../custody/custody.css';
import { useCaseId, useTags } from '../data';
import { useTypeWord } from '../typeWord';
import { depths, useTagName } from './names';
import { TagForm } from './TagForm';

const SHELVES = ['folder', 'issue'] as const;
const SHOWN = 200;

// What lies in it and below it: found as any search finds it, so that nothing is shown that a search would not show.
function Items({ caseId, tag }: { caseId: string; tag: Tag }) {
  const typeWord = useTypeWord();
  const query = useQuery({
    queryKey: ['filed', caseId, tag.id, tag.path],
    queryFn: async ({ signal }) => {
      const found = await searches.run(caseId, { query: `${tag.kind}:"${tag.path}"`, sort: 'path', facets: {} }, signal);
      return { search: found.search, total: found.total, hits: (await searches.hits(found.search, 0, SHOWN, signal)).hits };
    },
    staleTime: 30_000,
  });
  return (
    <Loaded query={query}>
      {({ search, total, hits }) =>
        total === 0 ? (
          <p>
            <T id={`evidence.filing.empty.${tag.kind}`} />
          </p>
        ) : (
          <>
            <p className="acts">
              <span className="num">
                <T id="evidence.filing.items" values={{ n: total }} />
              </span>
              <Link to="/cases/$case/search" params={{ case: caseId }} search={{ s: search }}>
                <T id="evidence.filing.search" />
              </Link>
              <CustodyActs caseId={caseId} scope={{ in: tag.id }} n={total} />
            </p>
            <table className="dt">
              <thead>
                <tr>
                  {['item', 'path', 'type', 'size'].map((c) => (
                    <th key={c} scope="col" className={c === 'size' ? 'end' : undefined}>
                      <T id={`evidence.filing.col.${c}`} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {hits.map((h) => (
                  <tr key={h.item}>
                    <td className="nowrap">
                      <Link to="/cases/$case/items/$item" params={{ case: caseId, item: h.item }} search={{ s: search }}>
                        <Code>{h.code ?? h.item}</Code>
                      </Link>
                    </td>
                    <td className="wrap">
                      <Name of={h.path} />
                    </td>
                    <td>{typeWord(h.type)}</td>
                    <td className="end nowrap">
                      <Bytes of={h.size} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )
      }
    </Loaded>
  );
}

function One({ caseId, tag, tags, mayChange, onMade }: { caseId: string; tag: Tag; tags: Tag[]; mayChange: boolean; onMade: (id: string) => void }) {
  const tagName = useTagName();
  const [form, setForm] = useState<'change' | 'below' | null>(null);
  return (
    <section aria-label={tagName(tag)}>
      <h2 className="wrap">
        <bdi>{tagName(tag)}</bdi>
        {tag.retired && (
          <span className="tag">
            <T id="evidence.filing.retired" />
          </span>
        )}
      </h2>
      {tag.description && (
        <p className="wrap" dir="auto">
          {tag.description}
        </p>
      )}
      {mayChange && form === null && (
        <p className="acts">
          <Button size="sm" variant="secondary" onClick={() => setForm('below')}>
            <T id={`evidence.filing.below.${tag.kind}`} />
          </Button>
          <Button size="sm" variant="link" onClick={() => setForm('change')}>
            <T id="evidence.filing.change" />
          </Button>
        </p>
      )}
      {form && (
        <TagForm
          key={`${form} ${tag.etag}`}
          caseId={caseId}
          kind={tag.kind}
          tags={tags}
          now={form === 'change' ? tag : undefined}
          parent={tag.id}
          onClose={(id) => {
            setForm(null);
            if (id) onMade(id);
          }}
        />
      )}
      <Items caseId={caseId} tag={tag} />
    </section>
  );
}

function Shelf({ caseId, kind }: { caseId: string; kind: TagKind }) {
  const t = useT();
  const may = useMay();
  const tagName = useTagName();
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [mayScheme, mayTag] = [may('evidence.scheme'), may('evidence.tag')];
  const mayChange = kind === 'issue' ? mayScheme : mayTag;
  return (
    <Loaded query={useTags(caseId, kind)}>
      {({ tags }) => {
        const depth = depths(tags);
        const tag = tags.find((x) => x.id === chosen);
        return (
          <div className="shelf">
            <nav className="scroll shelf-tree" aria-label={t(`evidence.filing.shelf.${kind}`)}>
              {tags.length === 0 && (
                <p className="below">
                  <T id={`evidence.filing.none.${kind}`} />
                </p>
              )}
              <ul className="plain">
                {tags.map((x) => (
                  <li key={x.id} style={{ paddingInlineStart: `${depth.get(x.id) ?? 0}rem` }}>
                    <button
                      type="button"
                      className="plain-link shelf-node"
                      aria-current={x.id === chosen ? 'true' : undefined}
                      onClick={() => {
                        setChosen(x.id);
                        setAdding(false);
                      }}
                    >
                      <bdi>{tagName(x)}</bdi>
                    </button>{' '}
                    <span className="muted small num">
                      <T id="evidence.filing.items" values={{ n: x.below }} />
                      {x.retired && (
                        <>
                          {' · '}
                          <T id="evidence.filing.retired" />
                        </>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
              {mayChange && (
                <p className="above">
                  <Button
                    size="sm"
                    variant="secondary"
                    onClick={() => {
                      setAdding(true);
                      setChosen(null);
                    }}
                  >
                    <T id={`evidence.filing.new.${kind}`} />
                  </Button>
                </p>
              )}
            </nav>
            <div className="scroll pad" tabIndex={-1}>
              {adding ? (
                <TagForm
                  caseId={caseId}
                  kind={kind}
                  tags={tags}
                  onClose={(id) => {
                    setAdding(false);
                    if (id) setChosen(id);
                  }}
                />
              ) : tag ? (
                <One key={tag.id} caseId={caseId} tag={tag} tags={tags} mayChange={mayChange} onMade={setChosen} />
              ) : (
                <p className="muted">
                  <T id={`evidence.filing.about.${kind}`} />
                </p>
              )}
            </div>
          </div>
        );
      }}
    </Loaded>
  );
}

export default function FilingPage() {
  const caseId = useCaseId();
  const t = useT();
  const [kind, setKind] = useState<(typeof SHELVES)[number]>('folder');
  return (
    <div className="pane fill">
      <CaseHeader caseId={caseId} title="evidence.filing.title">
        <ToggleGroup isCompact aria-label={t('evidence.filing.shelves')}>
          {SHELVES.map((k) => (
            <ToggleGroupItem key={k} buttonId={`shelf-${k}`} text={t(`evidence.filing.shelf.${k}`)} isSelected={k === kind} onChange={() => setKind(k)} />
          ))}
        </ToggleGroup>
      </CaseHeader>
      <Shelf key={kind} caseId={caseId} kind={kind} />
    </div>
  );
}
