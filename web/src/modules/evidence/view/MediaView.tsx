import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type RefObject } from 'react';
import { showing } from '../../../api/workspace';
import type { Item } from '../../../api/types';
import { useActions } from '../../../app/actions';
import { isProblem } from '../../../api/client';
import { Loading, ProblemAlert } from '../../../app/problem';
import { T, useT } from '../../../ui/i18n';
import { clock } from './sound';
import { Waveform } from './Waveform';
import './view.css';

const STEP = 5;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

// Sound and film, played from the original in pieces. Nothing is loaded or heard before it is asked for.
export function MediaView({ item, film }: { item: Item; film: boolean }) {
  const t = useT();
  const player = useRef<HTMLMediaElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [broken, setBroken] = useState(false);
  const [speed, setSpeed] = useState(1);
  const { data, error, isPending } = useQuery({
    queryKey: ['peaks', item.id],
    queryFn: ({ signal }) => showing.peaks(item.id, signal),
    staleTime: Infinity,
    retry: false,
  });
  const seconds = length || data?.seconds || 0;
  const toggle = () => {
    const p = player.current;
    if (!p) return;
    if (p.paused) void p.play().catch(() => undefined);
    else p.pause();
  };
  const seek = (to: number) => {
    const p = player.current;
    const place = Math.max(0, Math.min(seconds, to));
    setAt(place);
    if (p) p.currentTime = place;
  };
  useActions({
    'view.play': toggle,
    'view.forward': () => seek(at + STEP),
    'view.backward': () => seek(at - STEP),
  });
  const events = {
    src: showing.mediaUrl(item.id),
    preload: 'none' as const,
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onTimeUpdate: () => setAt(player.current?.currentTime ?? 0),
    onLoadedMetadata: () => {
      const p = player.current;
      if (!p) return;
      if (Number.isFinite(p.duration)) setLength(p.duration);
      p.playbackRate = speed;
      if (at > 0) p.currentTime = at;
    },
    onError: () => setBroken(true),
  };
  return (
    <section className="media" aria-label={t(film ? 'evidence.view.film' : 'evidence.view.sound')}>
      {film ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- evidence as it was received
        <video ref={player as RefObject<HTMLVideoElement>} className="film" playsInline {...events} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- evidence as it was received
        <audio ref={player as RefObject<HTMLAudioElement>} {...events} />
      )}
      <div className="media-bar">
        <Button variant="secondary" size="sm" onClick={toggle} isDisabled={broken}>
          <T id={playing ? 'evidence.sound.pause' : 'evidence.sound.play'} />
        </Button>
        <span className="num" dir="ltr">
          {clock(at)} / {clock(seconds)}
        </span>
        <span className="grow" />
        <label className="nowrap">
          <T id="evidence.sound.speed" />{' '}
          <select
            className="speed"
            value={speed}
            onChange={(e) => {
              setSpeed(Number(e.target.value));
              if (player.current) player.current.playbackRate = Number(e.target.value);
            }}
          >
            {SPEEDS.map((s) => (
              <option key={s} value={s}>
                {s} ×
              </option>
            ))}
          </select>
        </label>
      </div>
      {data && data.peaks.length === 0 && (
        <p className="muted small">
          <T id="evidence.sound.noWave" /> <bdi>{data.silent}</bdi>
        </p>
      )}
      {data && data.peaks.length > 0 && <Waveform peaks={data.peaks} seconds={seconds} at={at} onSeek={seek} />}
      {isPending && <Loading />}
      {error &&
        (isProblem(error, 415) || isProblem(error, 422) ? (
          <p className="muted small">
            <T id="evidence.sound.noWave" /> <bdi>{error.detail}</bdi>
          </p>
        ) : (
          <ProblemAlert error={error} />
        ))}
      {broken && (
        <p role="alert">
          <T id="evidence.sound.cannot" />
        </p>
      )}
    </section>
  );
}
