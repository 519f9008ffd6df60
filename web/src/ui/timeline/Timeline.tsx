// When things happened, on one line: what is certain as full bars, what is known only within bounds as faded ones, and
// open ends running out of the picture. Drawn on a canvas; the list beside it holds the same.
import { Button } from '@patternfly/react-core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useIntl } from 'react-intl';
import { useT } from '../i18n';
import { moved, rowsOf, ticks, windowOf, xOf, zoomed, type Window } from './scale';
import './timeline.css';

export type TimeSpan = { from: number; to: number; sure: boolean; lane: number; title: string };
type Props = { spans: readonly TimeSpan[]; lanes: readonly string[]; selected: number | null; dark: boolean; label: string; onSelect: (index: number) => void };

const HEAD = 24;
const ROW = 16;
const BAR = 9;
const MOST_ROWS = 16;
const LABEL = 18;

type Placed = { index: number; left: number; right: number; top: number };

function place(spans: readonly TimeSpan[], lanes: number, w: Window, width: number): { placed: Placed[]; tops: number[]; more: { n: number; top: number }[]; height: number } {
  const placed: Placed[] = [];
  const tops: number[] = [];
  const more: { n: number; top: number }[] = []; // bars that found no room: told, not piled up
  let top = HEAD;
  for (let lane = 0; lane < lanes; lane += 1) {
    tops.push(top);
    const here = spans
      .map((s, index) => ({ index, lane: s.lane, left: Math.max(-6, xOf(s.from, w, width)), right: Math.min(width + 6, Math.max(xOf(s.to + 1, w, width), xOf(s.from, w, width) + 5)) }))
      .filter((s) => s.lane === lane && s.right >= 0 && s.left <= width)
      .toSorted((a, b) => a.left - b.left);
    const rows = rowsOf(here, 3, MOST_ROWS);
    here.forEach((s, i) => rows[i]! >= 0 && placed.push({ index: s.index, left: s.left, right: s.right, top: top + LABEL + rows[i]! * ROW }));
    top += LABEL + (rows.reduce((a, b) => Math.max(a, b), 0) + 1) * ROW + 6;
    const n = rows.filter((r) => r < 0).length;
    if (n > 0) {
      more.push({ n, top: top + 4 });
      top += ROW;
    }
  }
  return { placed, tops, more, height: top };
}

export function Timeline({ spans, lanes, selected, dark, label, onSelect }: Props) {
  const t = useT();
  const intl = useIntl();
  const canvas = useRef<HTMLCanvasElement>(null);
  const whole = useMemo(() => windowOf(spans), [spans]);
  const [view, setView] = useState(whole);
  const [of, setOf] = useState(whole);
  if (of !== whole) {
    setOf(whole);
    setView(whole);
  }
  const drag = useRef<{ x: number; far: boolean } | null>(null);
  const drawn = useRef<Placed[]>([]);
  // What is chosen in the list is brought into the picture.
  const [brought, setBrought] = useState(selected);
  if (brought !== selected) {
    setBrought(selected);
    const s = selected === null ? undefined : spans[selected];
    const at = s && (Number.isFinite(s.from) ? s.from : s.to);
    if (at !== undefined && (at < view.from || at > view.to)) setView(moved(view, at - (view.from + view.to) / 2));
  }
  useEffect(() => {
    const c = canvas.current;
    if (!c) return undefined;
    const draw = () => {
      const width = c.clientWidth;
      const { placed, tops, more, height } = place(spans, lanes.length, view, width);
      drawn.current = placed;
      c.style.blockSize = `${Math.max(height, 120)}px`;
      c.width = width * devicePixelRatio;
      c.height = Math.max(height, 120) * devicePixelRatio;
      const g = c.getContext('2d');
      if (!g) return;
      const ink = dark ? '#e0e0e0' : '#292929';
      const bar = dark ? '#8fc0e0' : '#1f4f6f';
      const chosen = dark ? '#ffb454' : '#a04a00';
      g.scale(devicePixelRatio, devicePixelRatio);
      g.clearRect(0, 0, width, height);
      g.font = '11px "Red Hat Text", sans-serif';
      for (const x of ticks(view)) {
        const at = xOf(x.day, view, width);
        g.fillStyle = dark ? '#4a4f55' : '#d5dade';
        g.fillRect(at, HEAD - 6, 1, height);
        g.fillStyle = ink;
        const options = x.date !== null ? ({ day: 'numeric', month: 'short' } as const) : x.month !== null ? ({ month: 'short', year: 'numeric' } as const) : null;
        g.fillText(options ? intl.formatDate(x.day * 86_400_000, { ...options, timeZone: 'UTC' }) : String(x.year), at + 3, 13);
      }
      tops.forEach((top, i) => {
        g.fillStyle = ink;
        g.font = '600 11px "Red Hat Text", sans-serif';
        g.fillText(lanes[i]!, 4, top + 12);
        g.fillStyle = dark ? '#4a4f55' : '#d5dade';
        g.fillRect(0, top - 3, width, 1);
      });
      g.fillStyle = ink;
      g.font = '11px "Red Hat Text", sans-serif';
      for (const m of more) g.fillText(t('ui.timeline.more', { n: m.n }), 4, m.top + 4);
      for (const p of placed) {
        const s = spans[p.index]!;
        g.globalAlpha = s.sure ? 1 : 0.4;
        g.fillStyle = p.index === selected ? chosen : bar;
        g.fillRect(p.left, p.top, p.right - p.left, BAR);
        g.globalAlpha = 1;
        if (!s.sure || p.index === selected) {
          g.strokeStyle = p.index === selected ? chosen : bar;
          g.strokeRect(p.left + 0.5, p.top + 0.5, p.right - p.left - 1, BAR - 1);
        }
      }
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(c);
    return () => observer.disconnect();
  }, [spans, lanes, view, selected, dark, intl, t]);
  const hitAt = (e: PointerEvent<HTMLCanvasElement>) => {
    const r = e.currentTarget.getBoundingClientRect();
    const [x, y] = [e.clientX - r.left, e.clientY - r.top];
    return drawn.current.find((p) => x >= p.left - 3 && x <= p.right + 3 && y >= p.top - 3 && y <= p.top + BAR + 3);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const span = view.to - view.from;
    const act: Record<string, () => void> = {
      ArrowLeft: () => setView(moved(view, -span / 8)),
      ArrowRight: () => setView(moved(view, span / 8)),
      '+': () => setView(zoomed(view, 0.7)),
      '-': () => setView(zoomed(view, 1.4)),
      Home: () => setView(whole),
    };
    if (!act[e.key]) return;
    e.preventDefault();
    act[e.key]!();
  };
  return (
    <div className="timeline">
      <div className="timeline-tools">
        <Button size="sm" variant="secondary" aria-label={t('ui.zoom.in')} onClick={() => setView(zoomed(view, 0.6))}>
          +
        </Button>
        <Button size="sm" variant="secondary" aria-label={t('ui.zoom.out')} onClick={() => setView(zoomed(view, 1.6))}>
          −
        </Button>
        <Button size="sm" variant="secondary" onClick={() => setView(whole)}>
          {t('ui.zoom.all')}
        </Button>
        <span className="muted small">
          <span className="timeline-key timeline-sure" aria-hidden="true" /> {t('ui.timeline.sure')}{' '}
          <span className="timeline-key timeline-open" aria-hidden="true" /> {t('ui.timeline.open')}
        </span>
      </div>
      <div className="scroll" tabIndex={-1}>
        <canvas
          ref={canvas}
          className="timeline-canvas"
          tabIndex={0}
          // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- it answers to keys of its own
          role="application"
          aria-label={label}
          onKeyDown={onKeyDown}
          onWheel={(e) => e.ctrlKey || setView(zoomed(view, e.deltaY > 0 ? 1.15 : 0.87, view.from + (e.nativeEvent.offsetX / e.currentTarget.clientWidth) * (view.to - view.from)))}
          onPointerDown={(e) => {
            drag.current = { x: e.clientX, far: false };
            e.currentTarget.setPointerCapture(e.pointerId);
          }}
          onPointerMove={(e) => {
            const d = drag.current;
            if (!d || (!d.far && Math.abs(e.clientX - d.x) < 4)) return;
            const by = ((e.clientX - d.x) / e.currentTarget.clientWidth) * (view.to - view.from);
            drag.current = { x: e.clientX, far: true };
            setView(moved(view, -by));
          }}
          onPointerUp={(e) => {
            const hit = drag.current?.far ? undefined : hitAt(e);
            drag.current = null;
            if (hit) onSelect(hit.index);
          }}
        />
      </div>
    </div>
  );
}
