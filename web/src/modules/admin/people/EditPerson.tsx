import { Button, Checkbox, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../../api/client';
import { people } from '../../../api/server';
import type { Person } from '../../../api/types';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Conflict } from './Conflict';
import { PEOPLE } from './data';
import { Rights, useForbidden } from './Rights';

type Draft = Pick<Person, 'roles' | 'cases' | 'disabled'>;
const draftOf = ({ roles, cases, disabled }: Person): Draft => ({ roles, cases, disabled });

// Changes what a person may do. If somebody else was quicker, both versions are shown and one is chosen.
export function EditPerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const [draft, setDraft] = useState<Draft>(() => draftOf(person));
  const [etag, setEtag] = useState(person.etag);
  const forbidden = useForbidden(draft.roles);
  const save = useMutation({
    mutationFn: (tag: string) => missing(() => people.change(person.id, draft, tag)),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: PEOPLE });
      onClose();
    },
  });
  const theirs = isProblem(save.error, 412) ? (save.error.current as Person | undefined) : undefined;
  const takeTheirs = (current: Person) => {
    setDraft(draftOf(current));
    setEtag(current.etag);
    save.reset();
    void cache.invalidateQueries({ queryKey: PEOPLE });
  };
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="edit-person">
      <ModalHeader title={<bdi>{person.name}</bdi>} labelId="edit-person" />
      <ModalBody tabIndex={0}>
        {theirs && <Conflict mine={draft} theirs={theirs} onTheirs={() => takeTheirs(theirs)} onMine={() => save.mutate(theirs.etag)} />}
        {save.error && !theirs && <ProblemAlert error={save.error} />}
        {!theirs && (
          <Form
            id="edit-form"
            className="tight"
            onSubmit={(e) => {
              e.preventDefault();
              save.mutate(etag);
            }}
          >
            <Rights rights={draft} onChange={(r) => setDraft({ ...draft, ...r })} />
            <Checkbox
              id="person-disabled"
              label={t('admin.person.disable')}
              description={t('admin.person.disableHint')}
              isChecked={draft.disabled}
              onChange={(_, disabled) => setDraft({ ...draft, disabled })}
            />
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        {!theirs && (
          <Button type="submit" form="edit-form" isDisabled={save.isPending || forbidden.length > 0}>
            <T id="admin.person.save" />
          </Button>
        )}
        <Button variant="link" onClick={onClose}>
          <T id="ui.cancel" />
        </Button>
      </ModalFooter>
    </Modal>
  );
}
