import { Button, Form, FormGroup, FormSelect, FormSelectOption, FormSelectOptionGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { views as server } from '../../../api/records';
import type { Kind, RecordQuery } from '../../../api/kinds';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { EMPTY } from './filter';

type Props = { kind: Kind; view: string; query: RecordQuery; onView: (view: string, query: RecordQuery) => void };

// Views that the kind declares, and those of this person. "declared:open", "own:17".
export function Views({ kind, view, query, onView }: Props) {
  const t = useT();
  const label = useLabel();
  const cache = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const key = ['views', kind.kind];
  const own = useQuery({ queryKey: key, queryFn: ({ signal }) => server.all(kind.kind, signal), staleTime: 60_000 }).data?.views ?? [];
  const add = useMutation({
    mutationFn: () => server.add(kind.kind, name.trim(), { filter: query.filter, sort: query.sort, words: query.words, ...(query.name ? { name: query.name } : {}) }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: key });
      setNaming(false);
      setName('');
      onView(`own:${id}`, query);
    },
  });
  const drop = useMutation({
    mutationFn: (id: string) => server.remove(id),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: key });
      onView('', query);
    },
  });
  const asked = (found: Partial<RecordQuery>) => {
    const { filter = [], sort = [], words = '', name = '' } = found;
    return { filter, sort: sort.length || name ? sort : EMPTY.sort, words, name };
  };
  const choose = (next: string) => {
    const [space, id] = [next.slice(0, next.indexOf(':')), next.slice(next.indexOf(':') + 1)];
    const found = space === 'own' ? own.find((v) => String(v.id) === id)?.query : kind.views?.find((v) => v.name === id);
    onView(next, { ...EMPTY, ...(found ? asked(found) : {}) });
  };
  return (
    <>
      <FormSelect id="view" className="f-select" value={view} onChange={(_, v) => choose(v)} aria-label={t('records.view.choose')}>
        <FormSelectOption value="" label={t('records.view.all')} />
        {(kind.views?.length ?? 0) > 0 && (
          <FormSelectOptionGroup label={t('records.view.declared')}>
            {kind.views?.map((v) => (
              <FormSelectOption key={v.name} value={`declared:${v.name}`} label={label(v)} />
            ))}
          </FormSelectOptionGroup>
        )}
        {own.length > 0 && (
          <FormSelectOptionGroup label={t('records.view.own')}>
            {own.map((v) => (
              <FormSelectOption key={v.id} value={`own:${v.id}`} label={v.name} />
            ))}
          </FormSelectOptionGroup>
        )}
      </FormSelect>
      {view.startsWith('own:') ? (
        <Button variant="link" size="sm" isInline isDisabled={drop.isPending} onClick={() => drop.mutate(view.slice(4))}>
          <T id="records.view.drop" />
        </Button>
      ) : (
        <Button variant="link" size="sm" isInline onClick={() => setNaming(true)}>
          <T id="records.view.save" />
        </Button>
      )}
      {naming && (
        <Modal variant="small" isOpen onClose={() => setNaming(false)} aria-labelledby="view-title">
          <ModalHeader title={t('records.view.save')} labelId="view-title" />
          <ModalBody>
            {add.error && <ProblemAlert error={add.error} />}
            <Form
              id="view-form"
              onSubmit={(e) => {
                e.preventDefault();
                if (name.trim()) add.mutate();
              }}
            >
              <FormGroup label={<T id="records.view.name" />} fieldId="view-name" isRequired>
                <TextInput id="view-name" isRequired dir="auto" value={name} maxLength={100} onChange={(_, v) => setName(v)} autoComplete="off" />
              </FormGroup>
            </Form>
          </ModalBody>
          <ModalFooter>
            <Button type="submit" form="view-form" isDisabled={!name.trim() || add.isPending}>
              <T id="records.view.save" />
            </Button>
            <Button variant="link" onClick={() => setNaming(false)}>
              <T id="ui.cancel" />
            </Button>
          </ModalFooter>
        </Modal>
      )}
    </>
  );
}
