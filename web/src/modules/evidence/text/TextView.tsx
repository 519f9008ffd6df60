import { Button } from '@patternfly/react-core';
import { useEffect, useRef, type RefObject } from 'react';
import { useActions } from '../../../app/actions';
import { Loading, ProblemAlert } from '../../../app/problem';
import type { Item } from '../../../api/types';
import { Lines } from '../../../ui/Highlight';
import { T, useT } from '../../../ui/i18n';
import { Correct } from '../correct/Correct';
import { useReading, type Reading } from './useReading';
import './text.css';

// `pages`: of the picture, which may have more than the text.
export function Pages({ reading, pages = reading.pages }: { reading: Reading; pages?: number }) {
  const t = useT();
  const { page, toPage } = reading;
  if (pages <= 1) return null;
  return (
    <>
      <Button variant="plain" size="sm" aria-label={t('evidence.text.pageBefore')} isDisabled={page <= 1} onClick={() => toPage(page - 1)}>
        ‹
      </Button>
      <label className="num nowrap">
        <T id="evidence.text.page" />{' '}
        <input
          key={page}
          className="page-number"
          inputMode="numeric"
          defaultValue={page}
          onBlur={(e) => toPage(Math.max(1, Math.min(pages, Number.parseInt(e.target.value, 10) || page)))}
          onKeyDown={(e) => {
            if (e.key === 'Enter') e.currentTarget.blur();
          }}
        />{' '}
        <T id="evidence.text.of" values={{ pages }} />
      </label>
      <Button variant="plain" size="sm" aria-label={t('evidence.text.pageAfter')} isDisabled={page >= pages} onClick={() => toPage(page + 1)}>
        ›
      </Button>
    </>
  );
}

function Hits({ reading }: { reading: Reading }) {
  const t = useT();
  const { current, count, withHits, toNext, toPrevious } = reading;
  if (withHits.length === 0) return null;
  return (
    <>
      <span className="num nowrap" role="status">
        {current === null ? (
          <T id="evidence.text.elsewhere" values={{ n: withHits.length }} />
        ) : (
          <T id="evidence.text.hit" values={{ i: current + 1, n: count }} />
        )}
      </span>
      <Button variant="plain" size="sm" aria-label={t('evidence.action.previousHit')} title="p" onClick={toPrevious}>
        ↑
      </Button>
      <Button variant="plain" size="sm" aria-label={t('evidence.action.nextHit')} title="n" onClick={toNext}>
        ↓
      </Button>
    </>
  );
}

// The machine that guessed a text is named above it, with how sure it says it is.
function Origin({ reading }: { reading: Reading }) {
  const data = reading.query.data;
  if (!data?.engine) return null;
  return (
    <p className="text-origin small">
      <T id="evidence.text.derived" values={{ engine: <bdi key="e">{data.engine}</bdi> }} />
      {data.confidence !== null && (
        <>
          {' '}
          <T id="evidence.text.confidence" values={{ n: data.confidence }} />
        </>
      )}
    </p>
  );
}

type PaneProps = { reading: Reading; region?: RefObject<HTMLDivElement | null>; beside?: boolean; corrects?: string };

// The text that is being read, with its hits. `corrects`: the item whose recognised text may be corrected here.
export function TextPane({ reading, region, beside = false, corrects }: PaneProps) {
  const t = useT();
  const own = useRef<HTMLDivElement>(null);
  const place = region ?? own;
  const { query, current, page } = reading;
  useActions({ 'hit.next': reading.toNext, 'hit.previous': reading.toPrevious });
  const shown = query.data?.text;
  useEffect(() => {
    if (shown === undefined) return;
    const mark = current === null ? null : place.current?.querySelector(`mark[data-hit="${current}"]`);
    if (mark) mark.scrollIntoView({ block: 'center' });
    else place.current?.scrollTo(0, 0);
  }, [shown, current, page, place]);
  return (
    <>
      <div className="pane-h text-bar">
        {!beside && <Pages reading={reading} />}
        <span className="grow" />
        <Hits reading={reading} />
      </div>
      <div className="scroll text" tabIndex={0} ref={place} role="region" aria-label={t('evidence.text.region')}>
        <Origin reading={reading} />
        {query.data?.engine && <Correct key={page} itemId={corrects} data={query.data} page={page} />}
        {query.error && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Loading />}
        {query.data &&
          (query.data.text.trim() ? (
            <Lines text={query.data.text} current={current} />
          ) : (
            <p className="muted">
              <T id="evidence.text.none" />
            </p>
          ))}
      </div>
    </>
  );
}

type Props = { item: Item; search: string | undefined; startPage: number; region: RefObject<HTMLDivElement | null> };

export function TextView({ item, search, startPage, region }: Props) {
  return <TextPane reading={useReading(item.id, search, startPage)} region={region} />;
}
