import { Button, Checkbox, Form, Modal, ModalBody, ModalFooter, ModalHeader, Radio } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { CLASSES, labels, type Clearance } from '../../../api/rights';
import type { Person } from '../../../api/types';
import { useCompartments, useInLanguage } from '../../../app/case/data';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { AskSecond } from '../../../app/second/AskSecond';
import { T, useT } from '../../../ui/i18n';
import { ReasonField, REASON_MIN } from '../../../ui/ReasonField';
import { PEOPLE, useRoles } from './data';
import { NewCompartment } from './NewCompartment';

// What a person is cleared for. More is granted by two, less is withdrawn by one.
export function ClearanceDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useT();
  const text = useInLanguage();
  const cache = useQueryClient();
  const missing = useMissing();
  const known = useRoles().data;
  const organs = known?.organs ?? [];
  const sensitive = (known?.roles ?? []).filter((r) => r.by_two);
  const mine = useCompartments().data?.compartments ?? [];
  const [draft, setDraft] = useState<Clearance>(() => ({ clearance: person.clearance, organ: person.organ, compartments: person.compartments }));
  const [changed, setChanged] = useState<string[] | null>(null); // untouched: the roles stay as they are
  const held = changed ?? person.roles.filter((r) => sensitive.some((one) => one.id === r));
  const [reason, setReason] = useState('');
  const save = useMutation({
    mutationFn: () => missing(() => labels.clear(person.id, { ...draft, ...(changed ? { by_two: changed } : {}), reason: reason.trim() }, person.etag)),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: PEOPLE });
      onClose();
    },
  });
  const second = isProblem(save.error, 403) && save.error.code === 'second_person' ? save.error : null;
  const ready = reason.trim().length >= REASON_MIN && !save.isPending;
  const toggle = (id: string, on: boolean) => setDraft({ ...draft, compartments: on ? [...draft.compartments, id] : draft.compartments.filter((x) => x !== id) });
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="clearance-title">
      <ModalHeader title={<bdi>{person.name}</bdi>} labelId="clearance-title" description={t('admin.clearance.body')} />
      <ModalBody tabIndex={0}>
        {second && <AskSecond problem={second} reason={reason.trim()} />}
        {save.error && !second && <ProblemAlert error={save.error} />}
        <Form
          id="clearance-form"
          className="tight"
          onSubmit={(e) => {
            e.preventDefault();
            if (ready) save.mutate();
          }}
        >
          <div className="choices">
            <fieldset className="purposes">
              <legend>
                <T id="admin.clearance.class" />
              </legend>
              {CLASSES.map((c) => (
                <Radio key={c} id={`clearance-${c}`} name="clearance" label={t(`app.class.${c}`)} isChecked={draft.clearance === c} onChange={() => setDraft({ ...draft, clearance: c })} />
              ))}
            </fieldset>
            <fieldset className="purposes">
              <legend>
                <T id="admin.clearance.organ" />
              </legend>
              {organs.map((o) => (
                <Radio key={o.id} id={`organ-${o.id}`} name="organ" label={text(o.label)} isChecked={draft.organ === o.id} onChange={() => setDraft({ ...draft, organ: o.id })} />
              ))}
            </fieldset>
            <fieldset className="purposes">
              <legend>
                <T id="admin.clearance.compartments" />
              </legend>
              {mine.map((c) => (
                <Checkbox key={c.id} id={`into-${c.id}`} label={<bdi>{c.name}</bdi>} isChecked={draft.compartments.includes(c.id)} onChange={(_, on) => toggle(c.id, on)} />
              ))}
              {mine.length === 0 && (
                <p className="muted">
                  <T id="admin.clearance.none" />
                </p>
              )}
            </fieldset>
            <fieldset className="purposes">
              <legend>
                <T id="admin.clearance.byTwo" />
              </legend>
              {sensitive.map((r) => (
                <Checkbox
                  key={r.id}
                  id={`by-two-${r.id}`}
                  label={text(r.label)}
                  isChecked={held.includes(r.id)}
                  onChange={(_, on) => setChanged(on ? [...held, r.id] : held.filter((x) => x !== r.id))}
                />
              ))}
            </fieldset>
          </div>
          <ReasonField id="clearance-reason" value={reason} onChange={setReason} />
        </Form>
        <NewCompartment />
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form="clearance-form" isDisabled={!ready}>
          <T id="admin.clearance.save" />
        </Button>
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
