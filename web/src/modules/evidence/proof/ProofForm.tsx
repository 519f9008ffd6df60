// One key from the evidence to the proof: the item at its place, linked to a proposition.
import { Button, Form, FormGroup, FormSelect, FormSelectOption, Modal, ModalBody, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { kinds, records, type FieldError } from '../../../api/records';
import { useMissing } from '../../../app/missing';
import { Loaded, ProblemAlert } from '../../../app/problem';
import type { Kind } from '../../../api/kinds';
import { Suggest } from '../../../ui/fields/Suggest';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import type { Place } from './place';

type Props = { caseId: string; itemId: string; at: Place; onClose: (code?: string) => void };

const RELIABILITY = ['0', '1', '2', '3'];

function Fields({ kind, caseId, itemId, at, onClose }: Props & { kind: Kind }) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const missing = useMissing();
  const [key] = useState(kinds.key);
  const [proposition, setProposition] = useState<string[]>([]);
  const [quote, setQuote] = useState(at.quote);
  const [page, setPage] = useState(at.page === null ? '' : String(at.page));
  const [place, setPlace] = useState(at.place);
  const [direction, setDirection] = useState('incriminating');
  const [source, setSource] = useState('');
  const [type, setType] = useState('');
  const [reliability, setReliability] = useState('');
  const [admissibility, setAdmissibility] = useState('');
  const given = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== '' && v !== null));
  const add = useMutation({
    mutationFn: () =>
      missing(() =>
        kinds.add(
          'proof',
          {
            case: caseId,
            values: given({
              quote: quote.trim(),
              proposition: proposition[0] ?? '',
              items: [itemId],
              page: page ? Number(page) : '',
              place_in_item: place.trim(),
              direction,
              source: source.trim(),
              evidence_type: type,
              reliability: reliability ? Number(reliability) : '',
              admissibility,
            }),
          },
          key,
        ),
      ),
    onSuccess: ({ code }) => {
      void cache.invalidateQueries({ queryKey: ['proof'] });
      onClose(code);
    },
  });
  const errors = isProblem(add.error, 422) ? ((add.error.body as { errors?: FieldError[] }).errors ?? []) : [];
  const parents = new Set(kind.vocabularies.evidence_type?.codes.map((c) => c.parent));
  const codes = (vocabulary: string) => kind.vocabularies[vocabulary]?.codes.filter((c) => !c.retired && !(vocabulary === 'evidence_type' && parents.has(c.code))) ?? [];
  const choice = (id: string, value: string, set: (v: string) => void, options: readonly { code: string; name: string }[], must = false) => (
    <FormGroup label={<T id={`evidence.proof.${id}`} />} fieldId={`proof-${id}`} isRequired={must}>
      <FormSelect id={`proof-${id}`} value={value} onChange={(_, v) => set(v)}>
        {!must && <FormSelectOption value="" label={t('evidence.proof.unsaid')} />}
        {options.map((o) => (
          <FormSelectOption key={o.code} value={o.code} label={o.name} />
        ))}
      </FormSelect>
    </FormGroup>
  );
  const named = (vocabulary: string) => codes(vocabulary).map((c) => ({ code: c.code, name: label(c) }));
  const text = (id: string, value: string, set: (v: string) => void, must = false) => (
    <FormGroup label={<T id={`evidence.proof.${id}`} />} fieldId={`proof-${id}`} isRequired={must}>
      <TextInput id={`proof-${id}`} dir="auto" value={value} isRequired={must} maxLength={500} inputMode={id === 'page' ? 'numeric' : undefined} onChange={(_, v) => set(v)} autoComplete="off" />
    </FormGroup>
  );
  return (
    <>
      {add.error && errors.length === 0 && <ProblemAlert error={add.error} />}
      {errors.length > 0 && (
        <ul className="danger" role="alert">
          {errors.map((e) => (
            <li key={e.field}>
              {label(kind.fields.find((f) => f.name === e.field))} {label(e.message)}
            </li>
          ))}
        </ul>
      )}
      <Form
        id="proof-form"
        className="tight"
        onSubmit={(e) => {
          e.preventDefault();
          if (proposition[0] && quote.trim()) add.mutate();
        }}
      >
        <FormGroup label={<T id="evidence.proof.proposition" />} fieldId="proof-proposition" isRequired>
          <Suggest id="proof-proposition" value={proposition} name={(c) => c} onChange={setProposition} find={async (words, signal) => (await records.suggest(['proposition'], words, signal)).hits.map((h) => ({ code: h.code, title: h.title }))} />
        </FormGroup>
        {text('quote', quote, setQuote, true)}
        {text('page', page, (v) => setPage(v.replace(/\D/g, '')))}
        {text('place', place, setPlace)}
        {choice('direction', direction, setDirection, named('direction'), true)}
        {text('source', source, setSource)}
        {choice('type', type, setType, named('evidence_type'))}
        {choice('reliability', reliability, setReliability, RELIABILITY.map((n) => ({ code: n, name: n })))}
        {choice('admissibility', admissibility, setAdmissibility, named('admissibility'))}
      </Form>
      <p className="acts above">
        <Button type="submit" form="proof-form" isDisabled={!proposition[0] || !quote.trim() || add.isPending}>
          <T id="evidence.proof.add" />
        </Button>
        <Button variant="link" onClick={() => onClose()}>
          <T id="ui.cancel" />
        </Button>
      </p>
    </>
  );
}

export default function ProofForm(props: Props) {
  const t = useT();
  const kind = useQuery({ queryKey: ['kind', 'proof'], queryFn: ({ signal }) => kinds.one('proof', signal), staleTime: 300_000 });
  return (
    <Modal variant="medium" isOpen onClose={() => props.onClose()} aria-labelledby="proof-title">
      <ModalHeader title={t('evidence.proof.title')} labelId="proof-title" />
      <ModalBody>
        <Loaded query={kind}>{(k) => <Fields {...props} kind={k} />}</Loaded>
      </ModalBody>
    </Modal>
  );
}
