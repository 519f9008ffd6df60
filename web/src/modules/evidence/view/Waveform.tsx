import { useId, useMemo, type KeyboardEvent, type PointerEvent } from 'react';
import { useT } from '../../../ui/i18n';
import { clock, wavePath } from './sound';

type Props = { peaks: readonly number[]; seconds: number; at: number; onSeek: (seconds: number) => void };

// How loud a sound is, from beginning to end: time runs from left to right in every language. It is a slider.
export function Waveform({ peaks, seconds, at, onSeek }: Props) {
  const t = useT();
  const clip = useId();
  const path = useMemo(() => wavePath(peaks), [peaks]);
  const share = seconds > 0 ? Math.min(1, at / seconds) : 0;
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30, Home: -seconds, End: seconds }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    onSeek(Math.max(0, Math.min(seconds, at + step)));
  };
  const onPointer = (e: PointerEvent<SVGSVGElement>) => {
    const r = e.currentTarget.getBoundingClientRect();
    onSeek(Math.max(0, Math.min(1, (e.clientX - r.left) / r.width)) * seconds);
  };
  return (
    <svg
      className="wave"
      viewBox={`0 0 ${Math.max(1, peaks.length)} 200`}
      preserveAspectRatio="none"
      direction="ltr"
      role="slider"
      tabIndex={0}
      aria-label={t('evidence.sound.place')}
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={t('evidence.sound.of', { at: clock(at), all: clock(seconds) })}
      onKeyDown={onKeyDown}
      onPointerDown={onPointer}
    >
      <clipPath id={clip}>
        <rect x="0" y="0" width={share * peaks.length} height="200" />
      </clipPath>
      <path d={path} className="wave-all" />
      <path d={path} className="wave-done" clipPath={`url(#${clip})`} />
      <rect x={share * peaks.length} y="0" width={Math.max(1, peaks.length / 600)} height="200" className="wave-at" />
    </svg>
  );
}
