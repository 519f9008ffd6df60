import { Button, Form } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { handOvers, PAPERS, type HandOver, type HandOverDraft } from '../../../api/filing';
import { useMissing } from '../../../app/missing';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { save } from '../../../ui/save';
import { Bytes, Code, Moment, Name } from '../../../ui/Words';
import { CaseHeader } from '../CaseHeader';
import { useCaseId } from '../data';
import { HandOverFields } from './HandOverFields';
import './custody.css';

function Papers({ list }: { list: HandOver }) {
  const print = useMutation({ mutationFn: (format: string) => handOvers.paper(list.id, format), onSuccess: ({ blob, name }) => save(blob, name) });
  return (
    <p className="acts">
      {PAPERS.map((f) => (
        <Button key={f} size="sm" variant="secondary" isDisabled={print.isPending} onClick={() => print.mutate(f)}>
          {f.toUpperCase()}
        </Button>
      ))}
      {print.error && <ProblemAlert error={print.error} />}
    </p>
  );
}

function Draft({ list, onChanged, onGone }: { list: HandOver; onChanged: () => void; onGone: () => void }) {
  const missing = useMissing();
  const [draft, setDraft] = useState<HandOverDraft>({ title: list.title, recipient: list.recipient, purpose: list.purpose });
  const [sure, setSure] = useState(false);
  const changed = draft.title !== list.title || draft.recipient !== list.recipient || draft.purpose !== list.purpose;
  const change = useMutation({ mutationFn: () => missing(() => handOvers.change(list, draft, [])), onSuccess: onChanged });
  const issue = useMutation({ mutationFn: () => missing(() => handOvers.issue(list)), onSuccess: onChanged });
  const drop = useMutation({ mutationFn: () => missing(() => handOvers.remove(list)), onSuccess: onGone });
  const busy = change.isPending || issue.isPending || drop.isPending;
  const error = change.error ?? issue.error ?? drop.error;
  return (
    <>
      {error && <ProblemAlert error={error} />}
      <Form
        className="tight"
        onSubmit={(e) => {
          e.preventDefault();
          if (changed && !busy) change.mutate();
        }}
      >
        <HandOverFields draft={draft} onChange={setDraft} />
        <p className="acts">
          <Button type="submit" size="sm" variant="secondary" isDisabled={!changed || busy || draft.title.trim() === ''}>
            <T id="evidence.handOver.save" />
          </Button>
          {sure ? (
            <Button size="sm" isDisabled={busy || changed} onClick={() => issue.mutate()}>
              <T id="evidence.handOver.sure" values={{ n: list.items }} />
            </Button>
          ) : (
            <Button size="sm" isDisabled={busy || changed || !list.recipient || !list.purpose} onClick={() => setSure(true)}>
              <T id="evidence.handOver.issue" />
            </Button>
          )}
          <Button size="sm" variant="link" isDisabled={busy} onClick={() => drop.mutate()}>
            <T id="evidence.handOver.drop" />
          </Button>
        </p>
        <p className="small muted">
          <T id="evidence.handOver.freezes" />
        </p>
      </Form>
    </>
  );
}

function List({ caseId, id, mayKeep, onGone }: { caseId: string; id: string; mayKeep: boolean; onGone: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const query = useQuery({ queryKey: ['hand-over', id], queryFn: ({ signal }) => handOvers.one(id, signal) });
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['hand-over', id] });
    void cache.invalidateQueries({ queryKey: ['hand-overs', caseId] });
    void cache.invalidateQueries({ queryKey: ['custody'] });
  };
  const take = useMutation({ mutationFn: ({ list, item }: { list: HandOver; item: string }) => missing(() => handOvers.change(list, list, [item])), onSuccess: refresh });
  return (
    <Loaded query={query}>
      {(list) => (
        <section aria-label={list.title}>
          <h2 className="wrap">
            <bdi>{list.title}</bdi>
          </h2>
          {list.issued ? (
            <>
              <p className="wrap">
                <T id="evidence.handOver.issuedLine" values={{ to: <bdi key="t">{list.recipient}</bdi>, purpose: <bdi key="p">{list.purpose}</bdi>, at: <Moment key="a" at={list.at} />, by: <bdi key="b">{list.by}</bdi> }} />
              </p>
              <p className="small wrap">
                <T id="evidence.handOver.hash" /> <Code>{list.sha256}</Code>
              </p>
            </>
          ) : mayKeep ? (
            <Draft
              key={list.etag}
              list={list}
              onChanged={refresh}
              onGone={() => {
                refresh();
                onGone();
              }}
            />
          ) : (
            <p>
              <T id="evidence.handOver.draft" />
            </p>
          )}
          <Papers list={list} />
          {take.error && <ProblemAlert error={take.error} />}
          <div className="scroll-x" tabIndex={0} role="region" aria-label={t('evidence.handOver.lines')}>
            <table className="dt">
              <thead>
                <tr>
                  {['number', 'item', 'path', 'size', 'sha256', 'sources'].map((c) => (
                    <th key={c} scope="col" className={c === 'number' || c === 'size' ? 'end' : undefined}>
                      <T id={`evidence.handOver.col.${c}`} />
                    </th>
                  ))}
                  {!list.issued && mayKeep && (
                    <th scope="col">
                      <span className="sr">
                        <T id="evidence.handOver.take" />
                      </span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {list.lines.map((l) => (
                  <tr key={l.item}>
                    <td className="end num">{l.number}</td>
                    <td className="nowrap">
                      <Link to="/cases/$case/items/$item" params={{ case: caseId, item: l.item }}>
                        <Code>{l.code}</Code>
                      </Link>
                    </td>
                    <td className="wrap">
                      <Name of={l.path} />
                    </td>
                    <td className="end nowrap">
                      <Bytes of={l.size} />
                    </td>
                    <td className="mono small">{l.sha256}</td>
                    <td className="wrap">
                      <bdi>{l.sources}</bdi>
                    </td>
                    {!list.issued && mayKeep && (
                      <td>
                        <Button variant="link" isInline isDisabled={take.isPending || list.items === 1} onClick={() => take.mutate({ list, item: l.item })}>
                          <T id="evidence.handOver.take" />
                          <span className="sr">: {l.code}</span>
                        </Button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {list.lines.length < list.items && (
            <p className="muted">
              <T id="evidence.handOver.more" values={{ shown: list.lines.length, n: list.items }} />
            </p>
          )}
        </section>
      )}
    </Loaded>
  );
}

export default function HandOversPage() {
  const caseId = useCaseId();
  const t = useT();
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useQuery({ queryKey: ['hand-overs', caseId], queryFn: ({ signal }) => handOvers.all(caseId, signal) });
  return (
    <div className="pane fill">
      <CaseHeader caseId={caseId} title="evidence.handOver.title" />
      <Loaded query={query}>
        {({ lists, may_keep }) => {
          const open = chosen ?? lists[0]?.id;
          if (open === undefined)
            return (
              <p className="pad">
                <T id="evidence.handOver.none" />
              </p>
            );
          return (
            <div className="shelf">
              <nav className="scroll shelf-tree" aria-label={t('evidence.handOver.title')}>
                <ul className="plain">
                  {lists.map((l) => (
                    <li key={l.id}>
                      <button type="button" className="plain-link shelf-node" aria-current={l.id === open ? 'true' : undefined} onClick={() => setChosen(l.id)}>
                        <span className="num">{l.number}</span> <bdi>{l.title}</bdi>
                      </button>{' '}
                      <span className="muted small">
                        <T id={l.issued ? 'evidence.handOver.issued' : 'evidence.handOver.draft'} /> · <T id="evidence.filing.items" values={{ n: l.items }} />
                      </span>
                    </li>
                  ))}
                </ul>
              </nav>
              <div className="scroll pad" tabIndex={-1}>
                <List key={open} caseId={caseId} id={open} mayKeep={may_keep} onGone={() => setChosen(null)} />
              </div>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
