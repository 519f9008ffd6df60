import { Button, Progress } from '@patternfly/react-core';
import { useId, useState, type FormEvent, type RefObject } from 'react';
import { ProblemAlert } from '../../../app/problem';
import { useMay } from '../../../app/session';
import { T, useT } from '../../../ui/i18n';
import { useTags } from '../data';
import { useBulk, type Bulk } from './useBulk';
import './tags.css';

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

type Props = {
  caseId: string;
  search: string;
  total: number;
  ticked: ReadonlySet<string>;
  onClear: () => void;
  field: RefObject<HTMLInputElement | null>;
};

// Tags the ticked items, or with nothing ticked the whole result.
export function BulkBar({ caseId, search, total, ticked, onClear, field }: Props) {
  const t = useT();
  const id = useId();
  const may = useMay();
  const tags = useTags(caseId).data?.tags ?? [];
  const bulk = useBulk(caseId, tags);
  const [name, setName] = useState('');
  const some = ticked.size > 0;
  const ready = name.trim() !== '' && !bulk.busy;
  const run = (on: boolean) => {
    if (ready) bulk.start({ scope: some ? { items: [...ticked] } : { search }, name: name.trim(), on });
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    run(true);
  };
  if (!may('evidence.tag')) return null;
  return (
    <div className="bulk">
      <form className="bulk-line" onSubmit={send}>
        <span className="num" role="status">
          {some ? <T id="evidence.bulk.ticked" values={{ n: ticked.size }} /> : <T id="evidence.bulk.whole" values={{ n: total }} />}
        </span>
        {some && (
          <Button variant="link" isInline onClick={onClear}>
            <T id="evidence.bulk.clear" />
          </Button>
        )}
        <span className="grow" />
        <input
          ref={field}
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
        <Button type="submit" size="sm" variant="secondary" isDisabled={!ready}>
          <T id="evidence.bulk.add" />
        </Button>
        {tags.some((x) => x.name === name.trim()) && (
          <Button size="sm" variant="link" isDisabled={!ready} onClick={() => run(false)}>
            <T id="evidence.bulk.remove" />
          </Button>
        )}
      </form>
      {bulk.error && <ProblemAlert error={bulk.error} />}
      <Outcome bulk={bulk} />
    </div>
  );
}
