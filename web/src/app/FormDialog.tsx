// A form in a dialog: what went wrong above it, the act and the way out below.
import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { T } from '../ui/i18n';
import { ProblemAlert } from './problem';

type Props = {
  id: string;
  title: string;
  about?: string;
  act: string; // on its button
  size?: 'small' | 'medium';
  ready: boolean;
  error: unknown;
  children: ReactNode;
  onAct: () => void;
  onClose: () => void;
};

export function FormDialog({ id, title, about, act, size = 'small', ready, error, children, onAct, onClose }: Props) {
  return (
    <Modal variant={size} isOpen onClose={onClose} aria-labelledby={`${id}-dialog-title`}>
      <ModalHeader title={title} labelId={`${id}-dialog-title`} description={about} />
      <ModalBody>
        {Boolean(error) && <ProblemAlert error={error} />}
        <Form
          id={`${id}-dialog-form`}
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) onAct();
          }}
        >
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={`${id}-dialog-form`} isDisabled={!ready}>
          {act}
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
