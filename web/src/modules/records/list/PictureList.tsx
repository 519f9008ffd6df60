import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { Code } from '../../../ui/Words';
import { visible } from '../../../ui/text';

const ROW = 56;

type Props = { title: string; status: ReactNode; rows: readonly { code: string; title: string; detail: string }[]; selected: number | null; onSelect: (index: number) => void };

// The same things as in the picture, as a list: the way in for those who do not see the picture.
export function PictureList({ title, status, rows, selected, onSelect }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => list.current, estimateSize: () => ROW, overscan: 6 });
  useEffect(() => {
    if (selected !== null) virtual.scrollToIndex(selected, { align: 'auto' });
  }, [selected, virtual]);
  return (
    <section className="pane" aria-label={title}>
      <div className="pane-h">
        <h2>{title}</h2>
        <span role="status" className="muted num small">
          {status}
        </span>
      </div>
      <div ref={list} className="scroll" tabIndex={0} role="region" aria-label={title}>
        <ul className="picture-rows" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((r) => {
            const row = rows[r.index]!;
            return (
              <li key={r.key} className={r.index === selected ? 'picture-row focus' : 'picture-row'} style={{ transform: `translateY(${r.start}px)`, blockSize: ROW }}>
                <Link to="/record/$code" params={{ code: row.code }} search={{}}>
                  <Code>{row.code}</Code> <bdi>{visible(row.title)}</bdi>
                </Link>
                <br />
                <button type="button" className="plain-link small" onClick={() => onSelect(r.index)} aria-pressed={r.index === selected}>
                  {row.detail}
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
