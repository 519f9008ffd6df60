// An act that needs a reason. The reason is asked before, in the words of the person, and never guessed.
import { Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { T } from './i18n';
import { REASON_MIN } from './ReasonField';

type Props = { title: string; act: string; children?: ReactNode; onAct: (reason: string) => void; onClose: () => void };

export function ReasonDialog({ title, act, children, onAct, onClose }: Props) {
  const [reason, setReason] = useState('');
  const enough = reason.trim().length >= REASON_MIN;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="reason-title">
      <ModalHeader title={title} labelId="reason-title" />
      <ModalBody>
        {children}
        <Form
          id="reason-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (enough) onAct(reason.trim());
          }}
        >
          <FormGroup label={<T id="ui.reason.label" />} fieldId="reason" isRequired>
            <TextInput id="reason" isRequired value={reason} onChange={(_, v) => setReason(v)} autoComplete="off" aria-describedby="reason-hint" />
            <FormHelperText>
              <HelperText id="reason-hint">
                <HelperTextItem>
                  <T id="ui.reason.hint" />
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="reason-form" isDisabled={!enough}>
          {act}
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
