import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { handOvers, type HandOverDraft, type Scope } from '../../../api/filing';
import { FormDialog } from '../../../app/FormDialog';
import { useMissing } from '../../../app/missing';
import { useT } from '../../../ui/i18n';
import { HandOverFields } from './HandOverFields';

type Props = { caseId: string; scope: Scope; n: number; onClose: (made: boolean) => void };

// A draft of a list, of the items that were chosen; it is looked at and issued on its page.
export default function HandOverDialog({ caseId, scope, n, onClose }: Props) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const [draft, setDraft] = useState<HandOverDraft>({ title: '', recipient: '', purpose: '' });
  const add = useMutation({
    mutationFn: () => missing(() => handOvers.add(caseId, { ...draft, ...scope })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['hand-overs', caseId] });
      onClose(true);
    },
  });
  return (
    <FormDialog
      id="hand-over"
      title={t('evidence.handOver.new')}
      about={t('evidence.handOver.about', { n })}
      act={t('evidence.handOver.make')}
      ready={draft.title.trim() !== '' && !add.isPending}
      error={add.error}
      onAct={() => add.mutate()}
      onClose={() => onClose(false)}
    >
      <HandOverFields draft={draft} onChange={setDraft} />
    </FormDialog>
  );
}
