import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { recoveries } from '../../../api/rights';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../../ui/ReasonField';

export function AskDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useT();
  const missing = useMissing();
  const [person, setPerson] = useState('');
  const [reason, setReason] = useState('');
  const ask = useMutation({
    mutationFn: () => missing(() => recoveries.ask({ person: person.trim(), reason: reason.trim() })),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const ready = person.trim() !== '' && reason.trim().length >= REASON_MIN && !ask.isPending;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="recovery-title">
      <ModalHeader title={t('safeguards.recovery.ask')} labelId="recovery-title" description={t('safeguards.recovery.body')} />
      <ModalBody tabIndex={0}>
        {ask.error && <ProblemAlert error={ask.error} />}
        <Form
          id="recovery-form"
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) ask.mutate();
          }}
        >
          <FormGroup label={<T id="safeguards.recovery.code" />} fieldId="recovery-person" isRequired>
            <TextInput id="recovery-person" isRequired dir="ltr" value={person} onChange={(_, v) => setPerson(v)} autoComplete="off" />
          </FormGroup>
          <ReasonField id="recovery-reason" value={reason} onChange={setReason} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="recovery-form" isDisabled={!ready}>
          <T id="safeguards.recovery.ask" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
