import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type RefObject } from 'react';
import { isProblem } from '../../../api/client';
import { notes as api, type Note } from '../../../api/workspace';
import { ProblemAlert } from '../../../app/problem';
import { useMay, usePerson } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { Moment } from '../../../ui/Words';
import type { Anchor } from '../view/PageView';
import './notes.css';

export const notesKey = (item: string) => ['notes', item] as const;
export const useNotes = (item: string) =>
  useQuery({ queryKey: notesKey(item), queryFn: ({ signal }) => api.of(item, signal), staleTime: 30_000 });

function useChanged(item: string) {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: notesKey(item) });
    void cache.invalidateQueries({ queryKey: ['note-history'] });
    void cache.invalidateQueries({ queryKey: ['custody', item] });
  };
}

function About({ page, quote }: { page: number | null; quote: string }) {
  return (
    <>
      {page !== null && (
        <span className="muted small">
          <T id="evidence.notes.page" values={{ page }} />
        </span>
      )}
      {quote && (
        <blockquote className="note-quote" dir="auto">
          {quote}
        </blockquote>
      )}
    </>
  );
}

// What a note said before, version by version.
function History({ note }: { note: Note }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['note-history', note.id, note.version], queryFn: ({ signal }) => api.history(note.id, signal), enabled: open });
  if (note.version === 1) return null;
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <T id="evidence.notes.history" values={{ n: note.version }} />
      </summary>
      <ol className="plain">
        {data?.notes.slice(0, -1).map((v) => (
          <li key={v.version}>
            <Moment at={v.at} />
            <p className="note-text" dir="auto">
              {v.text}
            </p>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Change({ note, onClose }: { note: Note; onClose: () => void }) {
  const t = useT();
  const changed = useChanged(note.item);
  const [text, setText] = useState(note.text);
  const save = useMutation({
    mutationFn: () => api.change(note, text),
    onSuccess: () => {
      changed();
      onClose();
    },
    onError: (e) => isProblem(e, 412) && changed(),
  });
  return (
    <>
      <textarea className="note-field" dir="auto" aria-label={t('evidence.notes.text')} value={text} onChange={(e) => setText(e.target.value)} />
      {save.error && <ProblemAlert error={save.error} />}
      <Button size="sm" variant="secondary" isDisabled={!text.trim() || save.isPending} onClick={() => save.mutate()}>
        <T id="evidence.notes.save" />
      </Button>{' '}
      <Button size="sm" variant="link" onClick={onClose}>
        <T id="ui.cancel" />
      </Button>
    </>
  );
}

function One({ note, mine, onPage }: { note: Note; mine: boolean; onPage: ((page: number) => void) | undefined }) {
  const changed = useChanged(note.item);
  const [changing, setChanging] = useState(false);
  const remove = useMutation({ mutationFn: () => api.remove(note), onSuccess: changed });
  return (
    <li className="note">
      <div>
        <bdi>{note.author}</bdi> <Moment at={note.at} />{' '}
        {note.page !== null && onPage && (
          <Button variant="link" isInline onClick={() => onPage(note.page!)}>
            <T id="evidence.notes.toPage" values={{ page: note.page }} />
          </Button>
        )}
      </div>
      <About page={null} quote={note.quote} />
      {changing ? (
        <Change note={note} onClose={() => setChanging(false)} />
      ) : (
        <>
          <p className="note-text" dir="auto">
            {note.text}
          </p>
          {mine && (
            <>
              <Button variant="link" isInline onClick={() => setChanging(true)}>
                <T id="evidence.notes.change" />
              </Button>{' '}
              <Button variant="link" isInline isDisabled={remove.isPending} onClick={() => remove.mutate()}>
                <T id="evidence.notes.remove" />
              </Button>
            </>
          )}
        </>
      )}
      {remove.error && <ProblemAlert error={remove.error} />}
      <History note={note} />
    </li>
  );
}

type Props = {
  itemId: string;
  anchor: Anchor | null;
  onAnchor: (anchor: Anchor | null) => void;
  onPage: ((page: number) => void) | undefined;
  field: RefObject<HTMLTextAreaElement | null>;
};

// Notes beside an item: of the whole, or of a place that was drawn on a page.
export function NotesPanel({ itemId, anchor, onAnchor, onPage, field }: Props) {
  const t = useT();
  const may = useMay();
  const me = usePerson().person.id;
  const { data, error } = useNotes(itemId);
  const changed = useChanged(itemId);
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => api.add(itemId, anchor ? { text, ...anchor } : { text }),
    onSuccess: () => {
      setText('');
      onAnchor(null);
      changed();
    },
  });
  return (
    <section className="side" aria-label={t('evidence.notes.title')}>
      <h2>
        <T id="evidence.notes.title" />
      </h2>
      {error && <ProblemAlert error={error} />}
      <ul className="plain">
        {data?.notes.map((n) => (
          <One key={n.id} note={n} mine={me === n.author} onPage={onPage} />
        ))}
      </ul>
      {may('evidence.tag') && (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim()) add.mutate();
          }}
        >
          {anchor && (
            <div>
              <About page={anchor.page} quote={anchor.quote} />{' '}
              <Button variant="link" isInline onClick={() => onAnchor(null)}>
                <T id="evidence.notes.whole" />
              </Button>
            </div>
          )}
          <textarea
            ref={field}
            className="note-field"
            dir="auto"
            aria-label={t('evidence.notes.new')}
            placeholder={t('evidence.notes.new')}
            autoComplete="off"
            value={text}
            onChange={(e) => setText(e.target.value)}
          />
          {add.error && <ProblemAlert error={add.error} />}
          <Button type="submit" size="sm" variant="secondary" isDisabled={!text.trim() || add.isPending}>
            <T id="evidence.notes.add" />
          </Button>
        </form>
      )}
    </section>
  );
}
