import { Button, TextInput } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { inbox as server } from '../../../api/records';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';

const KEY = ['mail'] as const;

function Address({ address }: { address: string }) {
  const t = useT();
  const cache = useQueryClient();
  const [text, setText] = useState(address);
  const put = useMutation({ mutationFn: () => server.setMail(text.trim()), onSuccess: () => cache.invalidateQueries({ queryKey: KEY }) });
  return (
    <form
      className="f-line"
      onSubmit={(e) => {
        e.preventDefault();
        put.mutate();
      }}
    >
      {put.error && <ProblemAlert error={put.error} />}
      <div className="f-part f-wide">
        <TextInput type="email" value={text} onChange={(_, v) => setText(v)} aria-label={t('records.mail.address')} placeholder={t('records.mail.address')} autoComplete="off" />
      </div>
      <Button type="submit" variant="secondary" size="sm" isDisabled={put.isPending || text.trim() === address}>
        <T id="records.form.save" />
      </Button>
      {put.isSuccess && (
        <span role="status">
          <T id="records.mail.saved" />
        </span>
      )}
    </form>
  );
}

// Where this person is told that something awaits them: a number, never what. Only where the office sends mail.
export function Mail() {
  const t = useT();
  const mail = useQuery({ queryKey: KEY, queryFn: ({ signal }) => server.mail(signal), staleTime: 60_000, retry: false });
  if (!mail.data?.available) return null;
  return (
    <section className="card wide" aria-label={t('records.mail.title')}>
      <h2>
        <T id="records.mail.title" />
      </h2>
      <p className="below">
        <T id="records.mail.body" />
      </p>
      <Address key={mail.data.address} address={mail.data.address} />
    </section>
  );
}
