import { Button, TextArea } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { records, type Comment, type Rec } from '../../../api/records';
import { ProblemAlert } from '../../../app/problem';
import { usePerson } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { Moment } from '../../../ui/Words';
import { visible } from '../../../ui/text';

// What people of the office say about a record. A comment is withdrawn, never changed.
export function Comments({ record }: { record: Rec }) {
  const t = useT();
  const cache = useQueryClient();
  const { person } = usePerson();
  const key = ['comments', record.code];
  const all = useQuery({ queryKey: key, queryFn: ({ signal }) => records.comments(record.code, signal), staleTime: 10_000 });
  const [text, setText] = useState('');
  const again = () => void cache.invalidateQueries({ queryKey: key });
  const add = useMutation({
    mutationFn: () => records.comment(record.code, text.trim()),
    onSuccess: () => {
      setText('');
      again();
    },
  });
  const withdraw = useMutation({ mutationFn: (id: number | string) => records.withdraw(id), onSuccess: again });
  const error = all.error ?? add.error ?? withdraw.error;
  const isMine = (c: Comment) => c.own ?? c.who.code === person.id;
  return (
    <section className="card below" aria-labelledby="comments-title">
      <h2 id="comments-title">
        <T id="records.comment.title" />
      </h2>
      {error && <ProblemAlert error={error} />}
      {all.data?.comments.length === 0 && (
        <p className="muted">
          <T id="ui.none" />
        </p>
      )}
      <ul className="plain-list">
        {all.data?.comments.map((c) => (
          <li key={c.id} className="comment">
            <div className="small muted">
              <bdi>{c.who.name}</bdi> · <Moment at={c.at} />
              {isMine(c) && !c.withdrawn && (
                <>
                  {' '}
                  <button type="button" className="plain-link" onClick={() => withdraw.mutate(c.id)}>
                    <T id="records.comment.withdraw" />
                  </button>
                </>
              )}
            </div>
            <div className="long" dir="auto">
              {c.withdrawn ? <T id="records.comment.withdrawn" /> : c.text.split('\n').map(visible).join('\n')}
            </div>
          </li>
        ))}
      </ul>
      {record.may.includes('comment') && (
        <form
          className="above side-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (text.trim()) add.mutate();
          }}
        >
          <TextArea value={text} dir="auto" maxLength={10_000} onChange={(_, v) => setText(v)} aria-label={t('records.comment.text')} autoComplete="off" />
          <Button type="submit" variant="secondary" size="sm" isDisabled={!text.trim() || add.isPending}>
            <T id="records.comment.add" />
          </Button>
        </form>
      )}
    </section>
  );
}
