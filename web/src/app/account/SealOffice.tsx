// One person, one act: every process forgets the keys and everybody is signed out.
import { Alert, Button } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { office } from '../../api/server';
import { T, useT } from '../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../ui/ReasonField';
import { FormDialog } from '../FormDialog';
import { useMissing } from '../missing';

export function SealOffice() {
  const t = useT();
  const missing = useMissing();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const seal = useMutation({ mutationFn: () => missing(() => office.seal(reason.trim())), onSuccess: () => setAsked(false) });
  return (
    <section className="card">
      <h2>
        <T id="app.seal.title" />
      </h2>
      {seal.isSuccess ? (
        <Alert variant="success" isInline title={t('app.seal.done')} />
      ) : (
        <>
          <p>
            <T id="app.seal.about" />
          </p>
          <Button variant="danger" onClick={() => setAsked(true)}>
            <T id="app.seal.act" />
          </Button>
        </>
      )}
      {asked && (
        <FormDialog
          id="seal"
          title={t('app.seal.sure')}
          about={t('app.seal.about')}
          act={t('app.seal.act')}
          ready={reason.trim().length >= REASON_MIN && !seal.isPending}
          error={seal.error}
          onAct={() => seal.mutate()}
          onClose={() => setAsked(false)}
        >
          <ReasonField id="seal-reason" value={reason} onChange={setReason} />
        </FormDialog>
      )}
    </section>
  );
}
