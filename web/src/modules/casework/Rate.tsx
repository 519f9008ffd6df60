// The judgement of a reviewer on one element: entered, with its standard and its reasons.
import { Button, Form, FormGroup, FormSelect, FormSelectOption, Modal, ModalBody, ModalFooter, ModalHeader, TextArea } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CountRow, ElementRow, Matrix } from '../../api/proof';
import { kinds } from '../../api/records';
import { useMissing } from '../../app/missing';
import { ProblemAlert } from '../../app/problem';
import { usePerson } from '../../app/session';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { useWords } from './words';

type Props = { matrix: Matrix; count: CountRow; element: ElementRow; onClose: () => void };

export function Rate({ matrix, count, element, onClose }: Props) {
  const t = useT();
  const label = useLabel();
  const { named } = useWords(matrix);
  const cache = useQueryClient();
  const missing = useMissing();
  const me = usePerson().person.id;
  const [key] = useState(kinds.key);
  const [rating, setRating] = useState('');
  const [standard, setStandard] = useState(matrix.standard);
  const [rationale, setRationale] = useState('');
  const add = useMutation({
    mutationFn: () =>
      missing(() =>
        kinds.add('element_rating', { case: matrix.case, values: { title: `${element.code}, ${count.title}`.slice(0, 400), count: count.code, [element.code === element.mode ? 'mode' : 'element']: element.code, standard, rating, by: me.startsWith('P-') ? me : `P-${me}`, rationale } }, key),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['proof'] });
      onClose();
    },
  });
  const ready = rating && standard && rationale.trim();
  const choose = (id: string, value: string, set: (v: string) => void, vocabulary: string) => (
    <FormGroup label={<T id={`casework.rate.${id}`} />} fieldId={`rate-${id}`} isRequired>
      <FormSelect id={`rate-${id}`} value={value} onChange={(_, v) => set(v)}>
        <FormSelectOption value="" label={t('casework.rate.choose')} isDisabled />
        {matrix.vocabularies[vocabulary]?.filter((c) => !c.retired).map((c) => (
          <FormSelectOption key={c.code} value={c.code} label={label(c)} />
        ))}
      </FormSelect>
    </FormGroup>
  );
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="rate-title">
      <ModalHeader title={named(element)} labelId="rate-title" />
      <ModalBody>
        {add.error && <ProblemAlert error={add.error} />}
        <Form
          id="rate-form"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) add.mutate();
          }}
        >
          {choose('standard', standard, setStandard, 'standard_of_proof')}
          {choose('rating', rating, setRating, 'proof_rating')}
          <FormGroup label={<T id="casework.rate.rationale" />} fieldId="rate-rationale" isRequired>
            <TextArea id="rate-rationale" isRequired dir="auto" value={rationale} onChange={(_, v) => setRationale(v)} autoComplete="off" />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="rate-form" isDisabled={!ready || add.isPending}>
          <T id="casework.proof.rate" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
