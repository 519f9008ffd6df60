import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { cases } from '../../../api/server';
import { FormDialog } from '../../../app/FormDialog';
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
  return (
    <FormDialog
      id="create-case"
      title={t('evidence.cases.create')}
      act={t('evidence.cases.create')}
      ready={!create.isPending && code.trim() !== '' && title.trim() !== ''}
      error={create.error}
      onAct={() => create.mutate()}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
