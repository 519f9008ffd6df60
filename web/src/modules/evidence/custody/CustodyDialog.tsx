// The form of an act of custody: when, from whom, to whom, where, in which condition, under which seal, why.
import { FormGroup, FormSelect, FormSelectOption, TextArea, TextInput } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { custody, type Scope } from '../../../api/filing';
import { vocabularies } from '../../../api/records';
import { FormDialog } from '../../../app/FormDialog';
import { useMissing } from '../../../app/missing';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { REASON_MIN } from '../../../ui/ReasonField';
import './custody.css';
import { localNow, moment, offsets, offsetText } from './moment';

type Props = { caseId: string; scope: Scope; n: number; onClose: (recorded: boolean) => void };

export default function CustodyDialog({ caseId, scope, n, onClose }: Props) {
  const t = useT();
  const cache = useQueryClient();
  const missing = useMissing();
  const label = useLabel();
  const acts = useQuery({ queryKey: ['vocabularies', 'custody_act'], queryFn: ({ signal }) => vocabularies.one('custody_act', signal), staleTime: 300_000 });
  const codes = (acts.data?.data.codes ?? []).filter((c) => !c.retired);
  const [kind, setKind] = useState('');
  const act = codes.find((c) => c.code === kind) ?? codes[0];
  const alone = act?.nobody_gives === true;
  const [civil, setCivil] = useState(() => localNow(new Date()));
  const [own] = useState(() => -new Date().getTimezoneOffset());
  const [offset, setOffset] = useState(offsetText(own));
  const [said, setSaid] = useState({ from: '', to: '', place: '', condition: '', seal: '', reason: '' });
  const must = (field: keyof typeof said) => field !== 'seal' && !(field === 'from' && alone);
  const record = useMutation({
    mutationFn: () => missing(() => custody.record(caseId, { kind: act!.code, at: moment(civil, offset), ...said, ...scope })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['custody'] });
      onClose(true);
    },
  });
  const whole = act !== undefined && civil !== '' && (Object.keys(said) as (keyof typeof said)[]).every((f) => !must(f) || said[f].trim() !== '') && said.reason.trim().length >= REASON_MIN;
  const field = (name: keyof typeof said, long = false) => {
    const Input = long ? TextArea : TextInput;
    return (
      <FormGroup label={<T id={name === 'to' && alone ? 'evidence.custodyAct.examiner' : `evidence.custodyAct.${name}`} />} fieldId={`custody-${name}`} isRequired={must(name)}>
        <Input
          id={`custody-${name}`}
          dir="auto"
          autoComplete="off"
          maxLength={250}
          isRequired={must(name)}
          value={said[name]}
          onChange={(_: unknown, v: string) => setSaid({ ...said, [name]: v })}
        />
      </FormGroup>
    );
  };
  return (
    <FormDialog
      id="custody"
      size="medium"
      title={t('evidence.custodyAct.title')}
      about={t('evidence.custodyAct.about', { n })}
      act={t('evidence.custodyAct.record')}
      ready={whole && !record.isPending}
      error={record.error ?? acts.error}
      onAct={() => record.mutate()}
      onClose={() => onClose(false)}
    >
      <FormGroup label={<T id="evidence.custodyAct.kind" />} fieldId="custody-kind" isRequired>
        <FormSelect id="custody-kind" value={act?.code ?? ''} onChange={(_, v) => setKind(v)}>
            {codes.map((c) => (
              <FormSelectOption key={c.code} value={c.code} label={label(c)} />
            ))}
          </FormSelect>
      </FormGroup>
      <div className="custody-when">
        <FormGroup label={<T id="evidence.custodyAct.at" />} fieldId="custody-at" isRequired>
          <TextInput id="custody-at" type="datetime-local" isRequired value={civil} onChange={(_, v) => setCivil(v)} />
        </FormGroup>
        <FormGroup label={<T id="evidence.custodyAct.zone" />} fieldId="custody-zone" isRequired>
          <FormSelect id="custody-zone" value={offset} onChange={(_, v) => setOffset(v)}>
            {offsets(own).map((o) => (
              <FormSelectOption key={o} value={o} label={`UTC${o}`} />
            ))}
          </FormSelect>
        </FormGroup>
      </div>
      {field('from')}
      {field('to')}
      {field('place')}
      {field('condition', true)}
      {field('seal')}
      {field('reason', true)}
    </FormDialog>
  );
}
