// Puts a tag, an issue code or a folder on items, or takes it off: with progress, and undone at a stroke.
import { Button, Progress } from '@patternfly/react-core';
import { useId, useState, type FormEvent, type ReactNode, type Ref, type RefObject } from 'react';
import type { Scope, TagKind } from '../../../api/filing';
import { ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { useTags } from '../data';
import { depths, useTagName } from './names';
import { useBulk, type Bulk } from './useBulk';
import './tags.css';

const KINDS: readonly TagKind[] = ['tag', 'issue', 'folder'];
const same = (a: string, b: string) => a.localeCompare(b, undefined, { sensitivity: 'accent' }) === 0;

function Outcome({ bulk }: { bulk: Bulk }) {
  const t = useT();
  const { running, job, ended } = bulk;
  if (!running) return null;
  const failed = job?.state === 'failed';
  const act = running.undo ? 'undone' : running.on ? 'on' : 'off';
  const words = { done: job?.done ?? 0, expected: job?.expected ?? 0, tag: <bdi key="t">{running.name}</bdi> };
  return (
    <div className="bulk-outcome">
      {!ended && (
        <Progress
          size="sm"
          aria-label={t('evidence.bulk.progress')}
          value={job && job.expected > 0 ? Math.floor((job.done / job.expected) * 100) : 0}
        />
      )}
      <span role="status">
        {ended ? <T id={failed ? 'evidence.bulk.failed' : `evidence.bulk.done.${act}`} values={words} /> : <T id="evidence.bulk.going" values={words} />}
      </span>
      {ended && !running.undo && !failed && (
        <Button variant="link" isInline onClick={bulk.undo}>
          <T id="evidence.bulk.undo" />
        </Button>
      )}
      {ended && (
        <Button variant="link" isInline onClick={bulk.forget}>
          <T id="ui.close" />
        </Button>
      )}
    </div>
  );
}

type Props = { caseId: string; scope: Scope; field?: RefObject<HTMLElement | null>; children?: ReactNode };

export function Putting({ caseId, scope, field, children }: Props) {
  const t = useT();
  const id = useId();
  const tagName = useTagName();
  const bulk = useBulk(caseId);
  const [kind, setKind] = useState<TagKind>('tag');
  const [name, setName] = useState(''); // of a tag its name, of the others an id
  const tags = useTags(caseId, kind).data?.tags ?? [];
  const depth = depths(tags);
  const met = kind === 'tag' ? tags.find((x) => same(x.name, name.trim())) : tags.find((x) => x.id === name);
  const ready = (kind === 'tag' ? name.trim() !== '' : met !== undefined) && !bulk.busy;
  const run = (on: boolean) => {
    if (ready) bulk.start({ scope, put: { id: met?.id, name: met ? tagName(met) : name.trim() }, on });
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    run(true);
  };
  return (
    <>
      <form className="bulk-line" onSubmit={send}>
        {children}
        <select
          className="bulk-tag bulk-kind"
          aria-label={t('evidence.bulk.kind')}
          value={kind}
          onChange={(e) => {
            setKind(e.target.value as TagKind);
            setName('');
          }}
        >
          {KINDS.map((k) => (
            <option key={k} value={k}>
              {t(`evidence.filing.kind.${k}`)}
            </option>
          ))}
        </select>
        {kind === 'tag' ? (
          <>
            <input
              ref={field as Ref<HTMLInputElement>}
              className="bulk-tag"
              list={`${id}-tags`}
              dir="auto"
              aria-label={t('evidence.bulk.tag')}
              placeholder={t('evidence.bulk.tag')}
              autoComplete="off"
              value={name}
              onChange={(e) => setName(e.target.value)}
            />
            <datalist id={`${id}-tags`}>
              {tags.map((x) => (
                <option key={x.id} value={x.name} />
              ))}
            </datalist>
          </>
        ) : (
          <select
            ref={field as Ref<HTMLSelectElement>}
            className="bulk-tag"
            aria-label={t(`evidence.filing.kind.${kind}`)}
            value={name}
            onChange={(e) => setName(e.target.value)}
          >
            <option value="">{t(tags.length ? 'evidence.bulk.choose' : `evidence.filing.none.${kind}`)}</option>
            {tags.map((x) => (
              <option key={x.id} value={x.id}>
                {'\u2003'.repeat(depth.get(x.id) ?? 0) + tagName(x) + (x.retired ? ` (${t('evidence.filing.retired')})` : '')}
              </option>
            ))}
          </select>
        )}
        <Button type="submit" size="sm" variant="secondary" isDisabled={!ready || met?.retired === true}>
          <T id={`evidence.bulk.add.${kind}`} />
        </Button>
        {met && (
          <Button size="sm" variant="link" isDisabled={!ready} onClick={() => run(false)}>
            <T id={`evidence.bulk.remove.${kind}`} />
          </Button>
        )}
      </form>
      {bulk.error && <ProblemAlert error={bulk.error} />}
      <Outcome bulk={bulk} />
    </>
  );
}
