import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import { isProblem } from '../../../api/client';
import { showing, type Box, type PageWords } from '../../../api/workspace';
import { useActions } from '../../../app/actions';
import { Loading, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { Pages } from '../text/TextView';
import type { Reading } from '../text/useReading';
import { between, overlap, placed, ZOOM, zoomed } from './boxes';
import { hitOnPage, pageOfHit } from './set';
import './view.css';

export type Anchor = { page: number; region: Box; quote: string };

type SheetProps = {
  itemId: string;
  words: PageWords;
  current: number | null;
  zoom: number;
  anchors: readonly Box[];
  drawn: Box | null;
  onDraw: ((region: Box) => void) | undefined;
  onBroken: () => void;
};

// The picture of a page with the hits drawn on it. A region is drawn on it by dragging, to be noted.
function Sheet({ itemId, words, current, zoom, anchors, drawn, onDraw, onBroken }: SheetProps) {
  const t = useT();
  const sheet = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: [number, number]; to: [number, number] } | null>(null);
  const at = (e: PointerEvent): [number, number] => {
    const r = sheet.current!.getBoundingClientRect();
    return [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height];
  };
  useEffect(() => {
    if (current !== null) sheet.current?.querySelector('.page-hit.cur')?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [current, words]);
  const live = drag ? between(drag.from, drag.to) : drawn;
  return (
    <div
      ref={sheet}
      className={onDraw ? 'page-sheet draws' : 'page-sheet'}
      style={{ inlineSize: `${zoom * 100}%`, aspectRatio: `${words.width} / ${words.height}` }}
      onPointerDown={(e) => {
        if (!onDraw || e.button !== 0 || e.pointerType === 'touch') return;
        e.currentTarget.setPointerCapture(e.pointerId);
        setDrag({ from: at(e), to: at(e) });
      }}
      onPointerMove={(e) => drag && setDrag({ ...drag, to: at(e) })}
      onPointerCancel={() => setDrag(null)}
      onPointerUp={(e) => {
        if (!drag) return;
        const region = between(drag.from, at(e));
        setDrag(null);
        if (onDraw && region[2] > 50 && region[3] > 50) onDraw(region);
      }}
    >
      <img src={showing.pictureUrl(itemId, words.page)} alt={t('evidence.pages.alt', { page: words.page })} draggable={false} onError={onBroken} />
      {words.hits.map((hit, i) => hit.map((b, k) => <span key={`${i} ${k}`} className={i === current ? 'page-hit cur' : 'page-hit'} style={placed(b)} />))}
      {anchors.map((b, i) => (
        <span key={i} className="page-anchor" style={placed(b)} />
      ))}
      {live && <span className="page-drawn" style={placed(live)} />}
    </div>
  );
}

// Pages that Custos made of a file without pages: a picture of ours, and told as one.
function SetBy({ words }: { words: PageWords }) {
  return (
    <p className="page-set small" role="note">
      <T id={words.set === 'styled' ? 'evidence.pages.setStyled' : 'evidence.pages.setText'} /> {words.set === 'styled' && <T id="evidence.pages.setMarks" />} {words.cut && <strong><T id="evidence.pages.setCut" /></strong>}
    </p>
  );
}

// What stands in the place of a picture that cannot be made; the text is beside it.
function NoPicture({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const told = isProblem(error, 415) || isProblem(error, 422);
  if (!told) return <ProblemAlert error={error} onRetry={onRetry} />;
  return (
    <p className="pad" role="status">
      <T id="evidence.pages.none" /> <bdi className="muted">{error.detail}</bdi>
    </p>
  );
}

type Props = {
  itemId: string;
  search: string | undefined;
  reading: Reading;
  region: RefObject<HTMLDivElement | null>;
  anchors: readonly { page: number | null; region: Box | null }[];
  anchor: Anchor | null;
  onAnchor: ((anchor: Anchor | null) => void) | undefined;
};

export function PageView({ itemId, search, reading, region, anchors, anchor, onAnchor }: Props) {
  const t = useT();
  const [zoom, setZoom] = useState(ZOOM.indexOf(1));
  const [broken, setBroken] = useState(0);
  const { pages, current } = reading;
  // A file without pages of its own is set on more pages than its text has: they are turned by themselves, and follow
  // the hits of the text.
  const file = `${itemId} ${search ?? ''}`;
  const [set, setSet] = useState<{ file: string; pages: number; hits: PageWords['hit_pages']; page: number } | null>(null);
  const apart = set?.file === file && set.pages !== pages ? set : null;
  const here = `${file} ${reading.page} ${current}`;
  const [turned, setTurned] = useState<{ here: string; page: number } | null>(null);
  const followed = apart && (pageOfHit(apart.hits, reading.page, current) ?? apart.page);
  const page = apart && turned?.here === here ? turned.page : (followed ?? reading.page);
  const toPage = (to: number) => (apart ? setTurned({ here, page: to }) : reading.toPage(to));
  const query = useQuery({
    queryKey: ['page', itemId, search, page],
    queryFn: ({ signal }) => showing.page(itemId, page, search, signal),
    staleTime: 300_000,
    retry: false,
  });
  const words = query.data;
  const last = apart ? apart.pages : Math.max(pages, words?.pages ?? 1);
  if (words && words.set !== '' && set?.file !== file) setSet({ file, pages: words.pages, hits: words.hit_pages, page: words.page });
  const marked = apart ? hitOnPage(apart.hits, reading.page, current, page) : current;
  // On a page that is larger than its window the arrows look around; else they turn it.
  const turn = (by: 1 | -1) => {
    if (ZOOM[zoom]! > 1) region.current?.scrollBy(by * 160, 0);
    else toPage(Math.max(1, Math.min(last, page + by)));
  };
  useActions({
    'view.forward': () => turn(1),
    'view.backward': () => turn(-1),
    'view.larger': () => setZoom((z) => zoomed(z, 1)),
    'view.smaller': () => setZoom((z) => zoomed(z, -1)),
  });
  const draw =
    onAnchor &&
    ((box: Box) => onAnchor({ page, region: box, quote: words ? words.words.filter((w) => overlap(box, w)).map((w) => w[4]).join(' ').slice(0, 500) : '' }));
  return (
    <section className="page-view" aria-label={t('evidence.pages.region')}>
      <div className="page-bar">
        <Pages reading={{ ...reading, page, toPage }} pages={last} />
        {words?.recognised && (
          <span className="muted small">
            <T id="evidence.pages.recognised" />
          </span>
        )}
        <span className="grow" />
        <Button variant="plain" size="sm" title="-" aria-label={t('evidence.action.smaller')} isDisabled={zoom === 0} onClick={() => setZoom(zoomed(zoom, -1))}>
          −
        </Button>
        <span className="num" role="status">
          <T id="evidence.pages.zoom" values={{ n: ZOOM[zoom]! }} />
        </span>
        <Button variant="plain" size="sm" title="+" aria-label={t('evidence.action.larger')} isDisabled={zoom === ZOOM.length - 1} onClick={() => setZoom(zoomed(zoom, 1))}>
          +
        </Button>
      </div>
      {words && words.set !== '' && <SetBy words={words} />}
      <div className="scroll page-scroll" tabIndex={0} ref={region} role="region" aria-label={t('evidence.pages.picture', { page })}>
        {query.error && <NoPicture error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Loading />}
        {words && (
          <Sheet
            key={`${words.page} ${broken}`}
            itemId={itemId}
            words={words}
            current={marked !== null && words.hits.length ? Math.min(marked, words.hits.length - 1) : null}
            zoom={ZOOM[zoom]!}
            anchors={anchors.flatMap((a) => (a.page === words.page && a.region ? [a.region] : []))}
            drawn={anchor?.page === words.page ? anchor.region : null}
            onDraw={draw}
            onBroken={() => broken === 0 && setBroken(1)}
          />
        )}
      </div>
    </section>
  );
}
