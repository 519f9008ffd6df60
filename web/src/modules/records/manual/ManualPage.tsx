// The operations manual in force: what concerns whoever reads, what they have acknowledged, who still has to.
import { Button } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { manual, type Manual, type ManualChapter } from '../../../api/manual';
import { kinds } from '../../../api/records';
import { Loaded, ProblemAlert } from '../../../app/problem';
import { DateWords } from '../../../ui/DateWords';
import { T, useT } from '../../../ui/i18n';
import { visible } from '../../../ui/text';

const KINDS = ['manual_chapter', 'acknowledgement', 'training'] as const;

function Mine({ c }: { c: ManualChapter }) {
  const t = useT();
  const again = useQueryClient();
  const key = useRef(kinds.key());
  const read = useMutation({
    mutationFn: () => kinds.add('acknowledgement', { values: { chapter: c.code } }, key.current),
    onSuccess: () => again.invalidateQueries({ queryKey: ['manual'] }),
  });
  if (!c.mine.concerned) return <span className="muted">{t('records.manual.notYou')}</span>;
  return (
    <>
      {c.mine.read_on ? (
        <span>
          <T id="records.manual.readOn" /> <DateWords of={c.mine.read_on} />
        </span>
      ) : (
        <Button variant="secondary" size="sm" isDisabled={read.isPending} onClick={() => read.mutate()}>
          <T id="records.manual.iHaveRead" />
          <span className="sr"> {c.number}</span>
        </Button>
      )}
      {c.training_needed && (
        <div className={c.mine.trained_on ? 'small' : 'small danger'}>
          <T id={c.mine.trained_on ? 'records.manual.trainedOn' : 'records.manual.notTrained'} /> {c.mine.trained_on && <DateWords of={c.mine.trained_on} />}
        </div>
      )}
      {read.error && <ProblemAlert error={read.error} />}
    </>
  );
}

function Lacking({ who, id }: { who: { code: string; name: string }[] | undefined; id: string }) {
  const t = useT();
  if (!who?.length) return null;
  return (
    <details className="small">
      <summary>{t(id, { n: who.length })}</summary>
      <ul>
        {who.map((p) => (
          <li key={p.code}>
            <bdi>{visible(p.name)}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Chapter({ c }: { c: ManualChapter }) {
  const t = useT();
  return (
    <tr>
      <th scope="row">
        <span className="num">{c.number}</span>{' '}
        <Link to="/record/$code" params={{ code: c.code }} search={{}}>
          <bdi>{visible(c.title)}</bdi>
        </Link>
        <div className="small muted">
          {t('records.manual.edition', { n: c.edition })} <DateWords of={c.in_force_on} />
        </div>
        {c.late && (
          <div className="small danger">
            <T id="records.manual.lookAgain" /> <DateWords of={c.review_by} />
          </div>
        )}
      </th>
      <td>
        <Mine c={c} />
      </td>
      <td>
        {c.focal_points.map((p) => (
          <div key={p.code}>
            <bdi>{visible(p.name)}</bdi>
          </div>
        ))}
      </td>
      <td>
        {c.templates.map((m) => (
          <div key={m.name}>
            <Link to="/templates/$name" params={{ name: m.name }} search={{}}>
              {visible(m.name)}
            </Link>{' '}
            <span className="small muted">{visible(m.when)}</span>
          </div>
        ))}
      </td>
      <td>
        {t('records.manual.of', { n: c.read, all: c.concerned })}
        <Lacking who={c.unread} id="records.manual.unread" />
      </td>
      <td>
        {c.training_needed && t('records.manual.of', { n: c.trained, all: c.concerned })}
        {c.training_needed && <Lacking who={c.untrained} id="records.manual.untrained" />}
      </td>
    </tr>
  );
}

function All({ m }: { m: Manual }) {
  const t = useT();
  const mine = m.chapters.filter((c) => c.mine.concerned);
  const open = mine.filter((c) => !c.mine.read_on).length;
  return (
    <>
      <p role="status">{t('records.manual.told', { all: m.chapters.length, mine: mine.length, open })}</p>
      {m.chapters.length > 0 && (
        <table className="dt">
          <caption>
            <T id="records.manual.chapters" />
          </caption>
          <thead>
            <tr>
              {['chapter', 'you', 'focal', 'templates', 'read', 'trained'].map((c) => (
                <th key={c} scope="col">
                  <T id={`records.manual.head.${c}`} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {m.chapters.map((c) => (
              <Chapter key={c.code} c={c} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

export default function ManualPage() {
  const t = useT();
  const found = useQuery({ queryKey: ['manual'], queryFn: ({ signal }) => manual.read(signal), staleTime: 10_000 });
  return (
    <div className="pane fill">
      <div className="pane-h">
        <h1>
          <T id="records.manual.title" />
        </h1>
        <span className="grow" />
        {KINDS.map((kind) => (
          <Link key={kind} to="/records/$kind" params={{ kind }} search={{}}>
            <T id={`records.manual.all.${kind}`} />
          </Link>
        ))}
      </div>
      <section className="scroll pad" tabIndex={0} aria-label={t('records.manual.title')}>
        <Loaded query={found}>{(m) => <All m={m} />}</Loaded>
      </section>
    </div>
  );
}
