import { Alert, Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { people } from '../../../api/server';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { Copyable } from '../../../ui/Copyable';
import { T, useT } from '../../../ui/i18n';
import { PEOPLE } from './data';
import { Rights, useForbidden, type RightsOf } from './Rights';

// The link is shown once: it is handed over, used once, and cannot be had again.
function LinkOnce({ link, onClose }: { link: string; onClose: () => void }) {
  const t = useT();
  return (
    <>
      <ModalBody>
        <Alert variant="info" isInline title={t('admin.link.title')} className="below">
          <T id="admin.link.body" />
        </Alert>
        <Copyable text={link} label={t('admin.link.label')} />
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>
          <T id="ui.close" />
        </Button>
      </ModalFooter>
    </>
  );
}

export function CreatePerson({ onClose }: { onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const [name, setName] = useState('');
  const [rights, setRights] = useState<RightsOf>({ roles: [], cases: [] });
  const forbidden = useForbidden(rights.roles);
  const create = useMutation({
    mutationFn: () => missing(() => people.create({ name: name.trim(), ...rights })),
    onSuccess: () => cache.invalidateQueries({ queryKey: PEOPLE }),
  });
  const ready = name.trim() !== '' && rights.roles.length > 0 && forbidden.length === 0 && !create.isPending;
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="create-person">
      <ModalHeader title={t('admin.people.create')} labelId="create-person" />
      {create.data ? (
        <LinkOnce link={create.data.link} onClose={onClose} />
      ) : (
        <>
          <ModalBody tabIndex={0}>
            {create.error && <ProblemAlert error={create.error} />}
            <Form
              id="person-form"
              className="tight"
              onSubmit={(e) => {
                e.preventDefault();
                if (ready) create.mutate();
              }}
            >
              <FormGroup label={<T id="admin.person.name" />} fieldId="person-name" isRequired>
                <TextInput id="person-name" isRequired dir="auto" value={name} onChange={(_, v) => setName(v)} autoComplete="off" />
              </FormGroup>
              <Rights rights={rights} onChange={setRights} />
            </Form>
          </ModalBody>
          <ModalFooter>
            <Button type="submit" form="person-form" isDisabled={!ready}>
              <T id="admin.people.create" />
            </Button>
            <Button variant="link" onClick={onClose}>
              <T id="ui.cancel" />
            </Button>
          </ModalFooter>
        </>
      )}
    </Modal>
  );
}
