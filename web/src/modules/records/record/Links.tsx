import { Button, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { records, type Rec, type RecordLink } from '../../../api/records';
import type { Kind } from '../../../api/kinds';
import { ProblemAlert } from '../../../app/problem';
import { Suggest } from '../../../ui/fields/Suggest';
import { T, useT } from '../../../ui/i18n';
import { useLabel } from '../../../ui/label';
import { Code } from '../../../ui/Words';
import { visible } from '../../../ui/text';
import { recordKey, useKind, useKindName, useKinds, useVocabulary } from '../data';

function Relation({ kind, link }: { kind: Kind; link: RecordLink }) {
  const label = useLabel();
  const relations = useVocabulary('relation').data?.data.codes;
  const other = useKind(link.field && link.direction === 'in' ? link.kind : undefined).data;
  const field = link.field && (link.direction === 'out' ? kind : other)?.fields.find((f) => f.name === link.field);
  if (field) return <>{link.direction === 'out' ? label(field) : <T id="records.link.inField" values={{ field: label(field) }} />}</>;
  const code = relations?.find((c) => c.code === link.relation);
  return <>{(code && label(link.direction === 'in' ? (code.inverse ?? code) : code)) || link.relation}</>;
}

function AddLink({ record, onDone }: { record: Rec; onDone: () => void }) {
  const t = useT();
  const label = useLabel();
  const kindName = useKindName();
  const relations = useVocabulary('relation').data?.data.codes.filter((c) => !c.retired) ?? [];
  const all = useKinds().data?.kinds.map((k) => k.kind) ?? [];
  const [relation, setRelation] = useState('');
  const [to, setTo] = useState<string[]>([]);
  const add = useMutation({
    mutationFn: () => records.link(record.code, relation || relations[0]!.code, to[0]!),
    onSuccess: () => {
      setTo([]);
      onDone();
    },
  });
  const find = async (q: string, signal: AbortSignal) =>
    (await records.suggest(all, q, signal)).hits.filter((h) => h.code !== record.code).map((h) => ({ code: h.code, title: h.title, note: kindName(h.kind) }));
  return (
    <form
      className="above side-form"
      onSubmit={(e) => {
        e.preventDefault();
        if (to.length && relations.length) add.mutate();
      }}
    >
      {add.error && <ProblemAlert error={add.error} />}
      <FormSelect value={relation || relations[0]?.code} onChange={(_, v) => setRelation(v)} aria-label={t('records.link.relation')}>
        {relations.map((c) => (
          <FormSelectOption key={c.code} value={c.code} label={label(c)} />
        ))}
      </FormSelect>
      <Suggest id="link-to" label={t('records.link.to')} value={to} onChange={setTo} name={(c) => c} find={find} />
      <Button type="submit" variant="secondary" size="sm" isDisabled={!to.length || add.isPending}>
        <T id="records.link.add" />
      </Button>
    </form>
  );
}

// What this record leads to and what leads to it, by fields and by relations.
export function Links({ kind, record }: { kind: Kind; record: Rec }) {
  const t = useT();
  const kindName = useKindName();
  const cache = useQueryClient();
  const again = () => void cache.invalidateQueries({ queryKey: recordKey(record.code) });
  const drop = useMutation({ mutationFn: (id: number | string) => records.unlink(id), onSuccess: again });
  const mayLink = record.may.includes('link');
  return (
    <section className="card below" aria-labelledby="links-title">
      <h2 id="links-title">
        <T id="records.link.title" />
      </h2>
      {drop.error && <ProblemAlert error={drop.error} />}
      {record.links.length === 0 && (
        <p className="muted">
          <T id="ui.none" />
        </p>
      )}
      <ul className="plain-list">
        {record.links.map((l) => (
          <li key={`${l.id} ${l.field} ${l.direction} ${l.code}`} className="side-item">
            <span>
              <span className="muted">
                <span aria-hidden="true">{l.direction === 'out' ? '→' : '←'}</span> <Relation kind={kind} link={l} />
              </span>{' '}
              <Link to="/record/$code" params={{ code: l.code }} search={{}}>
                <Code>{l.code}</Code> <bdi>{visible(l.title)}</bdi>
              </Link>{' '}
              <span className="muted small">{kindName(l.kind)}</span>
            </span>
            {!l.field && mayLink && (
              <button type="button" className="f-drop" onClick={() => drop.mutate(l.id)} aria-label={t('records.link.drop', { code: l.code })}>
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayLink && <AddLink record={record} onDone={again} />}
    </section>
  );
}
