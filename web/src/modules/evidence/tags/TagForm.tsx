import { Button, Checkbox, Form, FormGroup, FormSelect, FormSelectOption, TextArea, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { filing, type Tag, type TagDraft, type TagKind } from '../../../api/filing';
import { useMissing } from '../../../app/missing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { depths, subtree, useTagName } from './names';

type Props = { caseId: string; kind: TagKind; tags: Tag[]; now?: Tag | undefined; parent?: string; onClose: (id?: string) => void };

// Makes a folder or an issue code, or changes one.
export function TagForm({ caseId, kind, tags, now, parent, onClose }: Props) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const tagName = useTagName();
  const [draft, setDraft] = useState<Required<TagDraft>>({
    kind,
    name: now?.name ?? '',
    code: now?.code ?? '',
    french: now?.french ?? '',
    description: now?.description ?? '',
    parent: (now ? now.parent : parent) ?? '',
    retired: now?.retired ?? false,
  });
  const issue = kind === 'issue';
  const send = useMutation({
    mutationFn: () =>
      missing(async () => {
        if (!now) return (await filing.add(caseId, draft)).id;
        await filing.change(caseId, now, draft);
        return now.id;
      }),
    onSuccess: (id) => {
      for (const queryKey of [['tags', caseId], ['item']]) void cache.invalidateQueries({ queryKey });
      onClose(id);
    },
  });
  const ready = draft.name.trim() !== '' && (!issue || (draft.code.trim() !== '' && draft.french.trim() !== '')) && !send.isPending;
  const below = now ? subtree(tags, now.id) : new Set<string>();
  const depth = depths(tags);
  const text = (field: 'name' | 'code' | 'french', label: string, max: number) => (
    <FormGroup label={<T id={label} />} fieldId={`tag-${field}`} isRequired>
      <TextInput id={`tag-${field}`} dir="auto" autoComplete="off" maxLength={max} isRequired value={draft[field]} onChange={(_, v) => setDraft({ ...draft, [field]: v })} />
    </FormGroup>
  );
  return (
    <Form
      className="tight below"
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) send.mutate();
      }}
    >
      {send.error && <ProblemAlert error={send.error} />}
      {issue && text('code', 'evidence.filing.code', 20)}
      {text('name', issue ? 'evidence.filing.english' : 'evidence.filing.name', 80)}
      {issue && text('french', 'evidence.filing.french', 80)}
      {issue && (
        <FormGroup label={<T id="evidence.filing.description" />} fieldId="tag-description">
          <TextArea id="tag-description" dir="auto" maxLength={2000} value={draft.description} onChange={(_, v) => setDraft({ ...draft, description: v })} />
        </FormGroup>
      )}
      <FormGroup label={<T id="evidence.filing.parent" />} fieldId="tag-parent">
        <FormSelect id="tag-parent" value={draft.parent} onChange={(_, v) => setDraft({ ...draft, parent: v })}>
          <FormSelectOption value="" label={t('evidence.filing.top')} />
          {tags
            .filter((x) => !below.has(x.id))
            .map((x) => (
              <FormSelectOption key={x.id} value={x.id} label={'\u2003'.repeat(depth.get(x.id) ?? 0) + tagName(x)} />
            ))}
        </FormSelect>
      </FormGroup>
      {now && <Checkbox id="tag-retired" label={t('evidence.filing.retire')} isChecked={draft.retired} onChange={(_, v) => setDraft({ ...draft, retired: v })} />}
      <p className="acts">
        <Button type="submit" size="sm" isDisabled={!ready}>
          <T id={now ? 'evidence.filing.save' : 'evidence.filing.make'} />
        </Button>
        <Button size="sm" variant="link" onClick={() => onClose()}>
          <T id="ui.cancel" />
        </Button>
      </p>
    </Form>
  );
}
