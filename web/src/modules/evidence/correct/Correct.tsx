import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ItemText } from '../../../api/types';
import { corrections as api } from '../../../api/workspace';
import { ProblemAlert } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { Lines } from '../../../ui/Highlight';
import { T, useT } from '../../../ui/i18n';
import { plain } from '../../../ui/text';
import { Moment } from '../../../ui/Words';
import '../notes/notes.css';

// What the machine guessed stays, and is shown beside the correction.
function Recognised({ itemId, page }: { itemId: string; page: number }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ queryKey: ['recognised', itemId, page], queryFn: ({ signal }) => api.recognised(itemId, page, signal), enabled: open });
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <T id="evidence.correct.show" />
      </summary>
      {data && (
        <div className="note-quote">
          <Lines text={data.text} />
        </div>
      )}
    </details>
  );
}

// Above a text that a machine guessed: who corrected this page, and the way to correct it.
export function Correct({ itemId, data, page }: { itemId: string | undefined; data: ItemText; page: number }) {
  const t = useT();
  const may = useMay();
  const cache = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const version = data.correction?.version ?? 0;
  const stands = data.correction && !data.correction.removed ? data.correction : null;
  const changed = () => {
    setText(null);
    void cache.invalidateQueries({ queryKey: ['text', itemId] });
    void cache.invalidateQueries({ queryKey: ['custody', itemId] });
  };
  const save = useMutation({ mutationFn: (words: string) => api.write(itemId!, page, version, words), onSuccess: changed });
  const takeBack = useMutation({ mutationFn: () => api.remove(itemId!, page, version), onSuccess: changed });
  return (
    <div className="small below">
      {stands && (
        <p>
          <T id="evidence.correct.by" values={{ who: <bdi key="w">{stands.author}</bdi>, at: <Moment key="a" at={stands.at} /> }} />
        </p>
      )}
      {stands && itemId && <Recognised itemId={itemId} page={page} />}
      {itemId && may('evidence.tag') && text === null && (
        <>
          <Button variant="link" isInline onClick={() => setText(plain(data.text))}>
            <T id="evidence.correct.write" />
          </Button>{' '}
          {stands && (
            <Button variant="link" isInline isDisabled={takeBack.isPending} onClick={() => takeBack.mutate()}>
              <T id="evidence.correct.remove" />
            </Button>
          )}
        </>
      )}
      {text !== null && (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim()) save.mutate(text);
          }}
        >
          <textarea className="note-field correct-field" dir="auto" aria-label={t('evidence.correct.text', { page })} value={text} onChange={(e) => setText(e.target.value)} />
          <Button type="submit" size="sm" variant="secondary" isDisabled={!text.trim() || save.isPending}>
            <T id="evidence.correct.save" />
          </Button>{' '}
          <Button size="sm" variant="link" onClick={() => setText(null)}>
            <T id="ui.cancel" />
          </Button>
        </form>
      )}
      {(save.error ?? takeBack.error) && <ProblemAlert error={save.error ?? takeBack.error} />}
    </div>
  );
}
