import { Button, Checkbox, Form, Modal, ModalBody, ModalFooter, ModalHeader, Radio } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../api/client';
import { CLASSES, type CaseLabel, type Class } from '../../api/rights';
import type { Words } from '../../api/schema';
import { T, useT } from '../../ui/i18n';
import { useLabel } from '../../ui/label';
import { ReasonField, REASON_MIN } from '../../ui/ReasonField';
import { useMissing } from '../missing';
import { ProblemAlert } from '../problem';
import { AskSecond } from '../second/AskSecond';
import { useCompartments } from './data';

type NewLabel = { classification: Class; compartments: string[]; reason: string; along?: boolean };
type Going = { others: number; first: readonly { code: string; title: string; kind_label: Words }[] };
// `along`: what names it may be labelled with it; asks what that would be.
type Along = (to: Pick<NewLabel, 'classification' | 'compartments'>, signal: AbortSignal) => Promise<Going>;
type Props = { label: CaseLabel; set: (to: NewLabel) => Promise<unknown>; along?: Along; onClose: () => void };

// How many records would go along, and the first of them.
function GoingAlong({ ask, to }: { ask: Along; to: Parameters<Along>[0] }) {
  const label = useLabel();
  const going = useQuery({ queryKey: ['label-along', to.classification, to.compartments], queryFn: ({ signal }) => ask(to, signal), gcTime: 0 });
  return (
    <div aria-live="polite" className="small">
      {going.error && <ProblemAlert error={going.error} />}
      {going.data && (
        <>
          <T id="app.label.going" values={{ n: going.data.others }} />
          {going.data.first.length > 0 && (
            <ul>
              {going.data.first.map((r) => (
                <li key={r.code}>
                  {label(r.kind_label)}: <bdi>{r.title}</bdi>
                </li>
              ))}
              {going.data.others > going.data.first.length && (
                <li>
                  <T id="app.label.goingMore" values={{ n: going.data.others - going.data.first.length }} />
                </li>
              )}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

// The label of a case or of a record.
export default function LabelDialog({ label, set, along, onClose }: Props) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const mine = useCompartments().data?.compartments ?? [];
  const [classification, setClass] = useState<Class>(label.classification);
  const [walls, setWalls] = useState(() => label.compartments.map((c) => c.id));
  const [reason, setReason] = useState('');
  const [others, setOthers] = useState(true);
  const save = useMutation({
    mutationFn: () => missing(() => set({ classification, compartments: walls, reason: reason.trim(), ...(along && { along: others }) })),
    onSuccess: async () => {
      await cache.invalidateQueries();
      onClose();
    },
  });
  const second = isProblem(save.error, 403) && save.error.code === 'second_person' ? save.error : null;
  const other = classification !== label.classification || [...walls].sort().join() !== label.compartments.map((c) => c.id).sort().join();
  const ready = reason.trim().length >= REASON_MIN && !save.isPending;
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="label-title">
      <ModalHeader title={t(along ? 'app.label.record' : 'app.label.title')} labelId="label-title" description={t('app.label.body')} />
      <ModalBody tabIndex={0}>
        {second && <AskSecond problem={second} reason={reason.trim()} />}
        {save.error && !second && <ProblemAlert error={save.error} />}
        <Form
          id="label-form"
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) save.mutate();
          }}
        >
          <fieldset className="purposes">
            <legend>
              <T id="app.label.class" />
            </legend>
            {CLASSES.map((c) => (
              <Radio key={c} id={`class-${c}`} name="class" label={t(`app.class.${c}`)} isChecked={classification === c} onChange={() => setClass(c)} />
            ))}
          </fieldset>
          {mine.length > 0 && (
            <fieldset className="purposes">
              <legend>
                <T id="app.label.compartments" />
              </legend>
              {mine.map((c) => (
                <Checkbox
                  key={c.id}
                  id={`wall-${c.id}`}
                  label={<bdi>{c.name}</bdi>}
                  isChecked={walls.includes(c.id)}
                  onChange={(_, on) => setWalls(on ? [...walls, c.id] : walls.filter((x) => x !== c.id))}
                />
              ))}
            </fieldset>
          )}
          {along && <Checkbox id="label-along" label={t('app.label.along')} description={t('app.label.alongBody')} isChecked={others} onChange={(_, on) => setOthers(on)} />}
          {along && others && other && <GoingAlong ask={along} to={{ classification, compartments: walls }} />}
          <ReasonField id="label-reason" value={reason} onChange={setReason} />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="label-form" isDisabled={!ready}>
          <T id="app.label.save" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
