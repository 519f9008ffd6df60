import { Alert, Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, Radio, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { glasses } from '../../../api/rights';
import type { Label } from '../../../api/types';
import { useInLanguage } from '../../../app/case/data';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../../ui/ReasonField';

type Props = { purposes: { id: string; label: Label }[]; onClose: () => void; onDone: () => void };

export function BreakDialog({ purposes, onClose, onDone }: Props) {
  const t = useT();
  const text = useInLanguage();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const missing = useMissing();
  const [code, setCode] = useState('');
  const [purpose, setPurpose] = useState(purposes.length === 1 ? purposes[0]!.id : '');
  const [reason, setReason] = useState('');
  const open = useMutation({
    mutationFn: () => missing(() => glasses.open({ case: code.trim(), purpose, reason: reason.trim() })),
    onSuccess: async (opened) => {
      onDone();
      await cache.invalidateQueries();
      await navigate({ to: `/cases/${opened.case}` });
    },
  });
  const ready = code.trim() !== '' && purpose !== '' && reason.trim().length >= REASON_MIN && !open.isPending;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="break-title">
      <ModalHeader title={t('safeguards.glass.break')} labelId="break-title" />
      <ModalBody tabIndex={0}>
        <Alert variant="warning" isInline className="below" title={t('safeguards.break.title')}>
          <T id="safeguards.break.body" />
        </Alert>
        {open.error && <ProblemAlert error={open.error} />}
        <Form
          id="break-form"
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) open.mutate();
          }}
        >
          <FormGroup label={<T id="safeguards.break.case" />} fieldId="break-case" isRequired>
            <TextInput id="break-case" isRequired dir="ltr" value={code} onChange={(_, v) => setCode(v)} autoComplete="off" />
          </FormGroup>
          <fieldset className="purposes">
            <legend>
              <T id="app.purpose.which" />
            </legend>
            {purposes.map((p) => (
              <Radio key={p.id} id={`break-${p.id}`} name="break-purpose" label={text(p.label)} isChecked={purpose === p.id} onChange={() => setPurpose(p.id)} />
            ))}
          </fieldset>
          <ReasonField id="break-reason" value={reason} onChange={setReason} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="break-form" variant="danger" isDisabled={!ready}>
          <T id="safeguards.break.go" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
