import { Button, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { cases } from '../../../api/server';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';

export function CreateCase({ onClose }: { onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [code, setCode] = useState('');
  const [title, setTitle] = useState('');
  const create = useMutation({
    mutationFn: () => cases.create({ code: code.trim(), title: title.trim() }),
    onSuccess: ({ id }) => {
      void cache.invalidateQueries({ queryKey: ['cases'] });
      void navigate({ to: '/cases/$case', params: { case: id } });
    },
  });
  const send = (e: FormEvent) => {
    e.preventDefault();
    create.mutate();
  };
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="create-case">
      <ModalHeader title={t('evidence.cases.create')} labelId="create-case" />
      <ModalBody>
        {create.error && <ProblemAlert error={create.error} />}
        <Form id="case-form" onSubmit={send} className="tight">
          <FormGroup label={<T id="evidence.case.code" />} fieldId="case-code" isRequired>
            <TextInput id="case-code" isRequired value={code} onChange={(_, v) => setCode(v)} autoComplete="off" aria-describedby="case-code-hint" />
            <FormHelperText>
              <HelperText id="case-code-hint">
                <HelperTextItem>
                  <T id="evidence.case.codeHint" />
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label={<T id="evidence.case.title" />} fieldId="case-title" isRequired>
            <TextInput id="case-title" isRequired value={title} onChange={(_, v) => setTitle(v)} autoComplete="off" dir="auto" />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="case-form" isDisabled={create.isPending || !code.trim() || !title.trim()}>
          <T id="evidence.cases.create" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
