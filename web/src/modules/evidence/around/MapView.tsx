import { Button } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useIntl } from 'react-intl';
import { around, type Cluster } from '../../../api/workspace';
import { Loading, ProblemAlert } from '../../../app/problem';
import { usePrefs } from '../../../app/prefs';
import { T, useT } from '../../../ui/i18n';
import { Num } from '../../../ui/Words';
import { makeMap, type Drawn, type Seen } from './drawMap';
import { boxOf, cellFor, pointWords } from './place';
import './around.css';

const ROWS_SHOWN = 200;

const whole = (c: Cluster) => c.box[0] === c.box[2] && c.box[1] === c.box[3];

// The same places as a table: each opens, or narrows the search to what was made there.
function PlaceTable({ caseId, search, clusters, onPlace }: { caseId: string; search: string; clusters: Cluster[]; onPlace: (box: string) => void }) {
  const t = useT();
  return (
    <table className="dt">
      <caption className="sr">{t('evidence.map.title')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <T id="evidence.map.place" />
          </th>
          <th scope="col" className="end">
            <T id="ui.bars.count" />
          </th>
          <th scope="col">
            <span className="sr">
              <T id="evidence.map.item" />
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {clusters.slice(0, ROWS_SHOWN).map((c) => (
          <tr key={`${c.item} ${c.latitude} ${c.longitude}`}>
            <td>
              <button type="button" className="plain-link num" onClick={() => onPlace(boxOf(c.box))}>
                <bdi dir="ltr">
                  {!whole(c) && '≈ '}
                  {pointWords(c.latitude, c.longitude)}
                </bdi>
              </button>
            </td>
            <td className="end">
              <Num of={c.count} />
            </td>
            <td>
              {c.count === 1 && (
                <Link to="/cases/$case/items/$item" params={{ case: caseId, item: c.item }} search={{ s: search }}>
                  <T id="evidence.map.item" />
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Where the results say they were made. The server gathers what lies close together; nothing leaves the office.
export default function MapView({ caseId, search, onPlace }: { caseId: string; search: string; onPlace: (box: string) => void }) {
  const t = useT();
  const { theme } = usePrefs();
  const { locale } = useIntl();
  const target = useRef<HTMLDivElement>(null);
  const map = useRef<Drawn | null>(null);
  const [seen, setSeen] = useState<Seen | null>(null);
  const pick = useRef(onPlace);
  useEffect(() => {
    pick.current = onPlace;
  });
  const all = useQuery({ queryKey: ['places', search], queryFn: ({ signal }) => around.places(search, 2, undefined, signal), staleTime: Infinity });
  const box = seen && boxOf(seen.box);
  const cell = seen ? cellFor(seen.box[3] - seen.box[1]) : 2;
  const { data, error } = useQuery({
    queryKey: ['places', search, cell, box],
    queryFn: ({ signal }) => around.places(search, cell, box!, signal),
    enabled: box !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  useEffect(() => {
    if (!target.current) return undefined;
    const made = makeMap(target.current, theme, locale, setSeen, (c) => (c.count === 1 || whole(c) ? pick.current(boxOf(c.box)) : made.show([c])));
    map.current = made;
    return () => {
      map.current = null;
      made.end();
    };
  }, [theme, locale]);
  const first = all.data?.clusters;
  useEffect(() => {
    if (first?.length) map.current?.show(first);
  }, [first, theme, locale]);
  const clusters = data?.clusters;
  useEffect(() => map.current?.draw(clusters ?? []), [clusters, theme, locale]);
  const onKeyDown = (e: KeyboardEvent) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (move) map.current?.move(move[0]!, move[1]!);
    else if (e.key === '+') map.current?.zoom(1);
    else if (e.key === '-') map.current?.zoom(-1);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  if (all.error) return <ProblemAlert error={all.error} onRetry={() => void all.refetch()} />;
  return (
    <div className="scroll around" tabIndex={0} role="region" aria-label={t('evidence.map.title')}>
      <div className="around-bar">
        {all.data && (
          <span role="status">
            {all.data.placed === 0 ? <T id="evidence.map.none" /> : <T id="evidence.map.counts" values={{ placed: data?.placed ?? all.data.placed, without: all.data.without }} />}
          </span>
        )}
        <span className="grow" />
        <Button variant="secondary" size="sm" aria-label={t('evidence.map.in')} onClick={() => map.current?.zoom(1)}>
          +
        </Button>
        <Button variant="secondary" size="sm" aria-label={t('evidence.map.out')} onClick={() => map.current?.zoom(-1)}>
          −
        </Button>
        <Button variant="link" isInline isDisabled={!first?.length} onClick={() => first && map.current?.show(first)}>
          <T id="evidence.map.all" />
        </Button>
        <Button variant="link" isInline isDisabled={!box} onClick={() => box && onPlace(box)}>
          <T id="evidence.map.view" />
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application of its own, with its keys in its name */}
      <div ref={target} className="map" dir="ltr" tabIndex={0} role="application" aria-label={t('evidence.map.picture')} onKeyDown={onKeyDown} />
      <p className="muted small around-bar">
        <T id="evidence.map.source" />
      </p>
      {error && <ProblemAlert error={error} />}
      {all.isPending && <Loading />}
      {clusters && clusters.length > 0 && <PlaceTable caseId={caseId} search={search} clusters={clusters} onPlace={onPlace} />}
      {clusters && clusters.length > ROWS_SHOWN && (
        <p className="muted small pad">
          <T id="ui.bars.ceiling" values={{ shown: ROWS_SHOWN, all: clusters.length }} />
        </p>
      )}
    </div>
  );
}
