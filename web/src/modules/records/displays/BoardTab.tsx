// A column a state, a card a record, with the days since it came there. Arrows move between cards, Enter opens one, m
// shows where it can go.
import { Alert } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { queries, records, type Card } from '../../../api/records';
import type { Kind, Transition } from '../../../api/kinds';
import { useMissing } from '../../../app/missing';
import { Loaded } from '../../../app/problem';
import { ReasonDialog } from '../../../ui/ReasonDialog';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { visible } from '../../../ui/text';
import { Code } from '../../../ui/Words';
import { INBOX } from '../data';
import { isFilled } from '../declare/condition';
import { listColumns } from '../list/filter';
import { Refusal } from '../record/Workflow';
import { useValueText } from '../values/text';
import { aged, next, type Place } from './board';
import './displays.css';

type Moving = { card: Card; transition: Transition };

export default function BoardTab({ kind, query }: { kind: Kind; query: string }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const missing = useMissing();
  const root = useRef<HTMLDivElement>(null);
  const board = useQuery({ queryKey: ['board', query], queryFn: ({ signal }) => queries.board(query, signal), staleTime: 15_000 });
  const text = useValueText(kind, board.data?.names);
  const [at, setAt] = useState<Place>({ column: 0, row: 0 });
  const [moving, setMoving] = useState<string | null>(null); // the code of the card whose ways are shown
  const [asking, setAsking] = useState<Moving | null>(null);
  const [done, setDone] = useState('');
  const touched = useRef(false);
  const columns = board.data?.columns ?? [];
  const heights = columns.map((c) => c.cards.length);
  const first = Math.max(0, heights.findIndex((h) => h > 0));
  const place: Place = heights[at.column] ? { column: at.column, row: Math.min(at.row, heights[at.column]! - 1) } : { column: first, row: 0 };
  const move = useMutation({
    mutationFn: ({ card, transition, reason }: Moving & { reason?: string }) => missing(() => records.move(card.code, transition.name, reason ? { reason } : {}, `"${card.version}"`)),
    onSuccess: (_, { card, transition }) => {
      setMoving(null);
      setDone(t('records.board.moved', { code: card.code, state: label(kind.workflow?.states.find((s) => s.name === transition.to)) }));
    },
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: ['board', query] });
      void cache.invalidateQueries({ queryKey: INBOX });
      void cache.invalidateQueries({ queryKey: ['record'] });
    },
  });
  useEffect(() => {
    if (touched.current) root.current?.querySelector<HTMLElement>('[data-at="now"]')?.focus();
  }, [place.column, place.row]);
  const ways = (state: string) => kind.workflow?.transitions.filter((x) => x.from.includes(state)) ?? [];
  const go = (card: Card, transition: Transition) => {
    if (transition.reason) setAsking({ card, transition });
    else move.mutate({ card, transition });
  };
  const shown = listColumns(kind).filter((f) => f.name !== kind.name).slice(0, 3);
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.target as HTMLElement).matches('[data-card]')) return;
    const card = columns[place.column]?.cards[place.row];
    const to = next(heights, place, e.key);
    if (to) {
      touched.current = true;
      setAt(to);
    } else if (e.key === 'm' && card) setMoving(moving === card.code ? null : card.code);
    else return;
    e.preventDefault();
  };
  return (
    <Loaded query={board}>
      {() => (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys act on the cards within
        <div className="board-page" onKeyDown={onKeyDown}>
          <p className="muted small board-help">
            <T id="records.board.help" />
          </p>
          <p role="status" className="sr">
            {done}
          </p>
          {move.error && <Refusal kind={kind} error={move.error} />}
          {done && <Alert isInline isPlain variant="success" title={done} />}
          <div ref={root} className="board" tabIndex={-1}>
            {columns.map((c, column) => {
              const state = kind.workflow?.states.find((s) => s.name === c.state);
              return (
                <section key={c.state} className="board-column" aria-labelledby={`state-${c.state}`}>
                  <h2 id={`state-${c.state}`}>
                    {label(state)} <span className="muted num">{c.total}</span>
                  </h2>
                  <ul>
                    {c.cards.map((card, row) => {
                      const now = place.column === column && place.row === row;
                      return (
                        <li key={card.code} className={`board-card ${state?.final ? '' : aged(card.days)}`}>
                          <Link to="/record/$code" params={{ code: card.code }} search={{}} data-card="" data-at={now ? 'now' : undefined} tabIndex={now ? 0 : -1} onFocus={() => setAt({ column, row })}>
                            <Code>{card.code}</Code> <bdi>{visible(card.title)}</bdi>
                          </Link>
                          <div className="small muted">
                            {shown.filter((f) => isFilled(card.values[f.name])).map((f) => (
                              <span key={f.name} className="board-value">
                                <bdi>{visible(text(f, card.values[f.name]))}</bdi>
                              </span>
                            ))}
                          </div>
                          <div className="small board-foot">
                            <span>
                              <T id="records.board.days" values={{ n: card.days }} />
                            </span>
                            {ways(c.state).length > 0 && (
                              <button type="button" className="plain-link" tabIndex={now ? 0 : -1} aria-expanded={moving === card.code} onClick={() => setMoving(moving === card.code ? null : card.code)}>
                                <T id="records.board.move" />
                                <span className="sr"> {card.code}</span>
                              </button>
                            )}
                          </div>
                          {moving === card.code && (
                            // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape closes it
                            <ul
                              className="board-ways"
                              aria-label={t('records.board.ways', { code: card.code })}
                              onKeyDown={(e) => {
                                if (e.key !== 'Escape') return;
                                e.preventDefault();
                                e.stopPropagation();
                                setMoving(null);
                                root.current?.querySelector<HTMLElement>('[data-at="now"]')?.focus();
                              }}
                            >
                              {ways(c.state).map((x, i) => (
                                <li key={x.name}>
                                  {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the person asked where it can go */}
                                  <button type="button" className="plain-link" autoFocus={i === 0} disabled={move.isPending} onClick={() => go(card, x)}>
                                    {label(x)}
                                  </button>
                                </li>
                              ))}
                            </ul>
                          )}
                        </li>
                      );
                    })}
                  </ul>
                  {c.total > c.cards.length && (
                    <p className="muted small">
                      <T id="records.board.ceiling" values={{ shown: c.cards.length, all: c.total }} />
                    </p>
                  )}
                </section>
              );
            })}
          </div>
          {asking && (
            <ReasonDialog
              title={label(asking.transition)}
              act={t('records.flow.go')}
              onAct={(reason) => {
                setAsking(null);
                move.mutate({ ...asking, reason });
              }}
              onClose={() => setAsking(null)}
            />
          )}
          <p className="sr">
            <button type="button" onClick={() => void navigate({ to: '/records/$kind', params: { kind: kind.kind }, search: ((s: object) => ({ ...s, tab: undefined })) as never })}>
              <T id="records.board.asList" />
            </button>
          </p>
        </div>
      )}
    </Loaded>
  );
}
