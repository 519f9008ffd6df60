import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader, Radio } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { glasses, type Glass } from '../../../api/rights';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../../ui/ReasonField';

export function ReviewDialog({ glass, onClose, onDone }: { glass: Glass; onClose: () => void; onDone: () => void }) {
  const t = useT();
  const missing = useMissing();
  const [justified, setJustified] = useState<boolean | null>(null);
  const [note, setNote] = useState('');
  const review = useMutation({
    mutationFn: () => missing(() => glasses.review(glass.id, { justified: justified === true, note: note.trim() })),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const ready = justified !== null && note.trim().length >= REASON_MIN && !review.isPending;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="review-title">
      <ModalHeader title={t('safeguards.review.title')} labelId="review-title" />
      <ModalBody tabIndex={0}>
        {review.error && <ProblemAlert error={review.error} />}
        <p className="below">
          <bdi>{glass.person.name}</bdi>: <bdi>{glass.reason}</bdi>
        </p>
        <Form
          id="review-form"
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) review.mutate();
          }}
        >
          <fieldset className="purposes">
            <legend>
              <T id="safeguards.review.finding" />
            </legend>
            <Radio id="review-yes" name="review" label={t('safeguards.review.justified')} isChecked={justified === true} onChange={() => setJustified(true)} />
            <Radio id="review-no" name="review" label={t('safeguards.review.unjustified')} isChecked={justified === false} onChange={() => setJustified(false)} />
          </fieldset>
          <ReasonField id="review-note" label="safeguards.review.note" value={note} onChange={setNote} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="review-form" isDisabled={!ready}>
          <T id="safeguards.review.save" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
