import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { approvals, type Approval } from '../../../api/rights';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { Facts } from '../../../ui/Facts';
import { T, useT } from '../../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../../ui/ReasonField';
import { What } from './What';

export function DecideDialog({ approval, onClose }: { approval: Approval; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const [note, setNote] = useState('');
  const decide = useMutation({
    mutationFn: (approve: boolean) => missing(() => approvals.decide(approval.id, { approve, note: note.trim() })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['approvals'] });
      onClose();
    },
  });
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="decide-title">
      <ModalHeader title={t('safeguards.decide.title')} labelId="decide-title" description={t('safeguards.decide.body')} />
      <ModalBody tabIndex={0}>
        {decide.error && <ProblemAlert error={decide.error} />}
        <Facts
          rows={[
            [<T key="l" id="safeguards.approvals.what" />, <What key="v" of={approval} />],
            [<T key="l" id="safeguards.approvals.requester" />, <bdi key="v">{approval.requester?.name}</bdi>],
            [<T key="l" id="safeguards.approvals.reason" />, <bdi key="v">{approval.reason}</bdi>],
          ]}
        />
        <Form className="tight above" onSubmit={(e) => e.preventDefault()}>
          <ReasonField id="decide-note" label="safeguards.decide.note" optional value={note} onChange={setNote} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={decide.isPending} onClick={() => decide.mutate(true)}>
          <T id="safeguards.decide.approve" />
        </Button>
        <Button variant="danger" isDisabled={decide.isPending || note.trim().length < REASON_MIN} onClick={() => decide.mutate(false)}>
          <T id="safeguards.decide.refuse" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
