import { Button } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { T } from './i18n';
import { lineOf, lines, pieces, type Piece } from './text';

type Marked = { current?: number | null };

function Pieces({ list, current }: Marked & { list: Piece[] }) {
  return list.map((piece, i) =>
    piece.hit === null ? (
      piece.text
    ) : (
      <mark key={i} data-hit={piece.hit} className={piece.hit === current ? 'cur' : undefined}>
        {piece.text}
      </mark>
    ),
  );
}

// One line of evidence with its hits.
export function Highlight({ text, current }: Marked & { text: string }) {
  return <Pieces list={pieces(text)} current={current ?? null} />;
}

const BLOCK = 2000;

type BlockProps = { from: number; to: number; all: number; onMove: (by: 1 | -1) => void };

// A page of a text without pages may have a million lines: some are shown, and how many is said.
function BlockBar({ from, to, all, onMove }: BlockProps) {
  return (
    <p className="block-bar small">
      <T id="ui.lines" values={{ from: from + 1, to, all }} />{' '}
      <Button variant="link" isInline isDisabled={from === 0} onClick={() => onMove(-1)}>
        <T id="ui.lines.before" />
      </Button>{' '}
      <Button variant="link" isInline isDisabled={to >= all} onClick={() => onMove(1)}>
        <T id="ui.lines.after" />
      </Button>
    </p>
  );
}

// A page of evidence, every line in its own direction; the block with the current hit is the one shown.
export function Lines({ text, current = null }: Marked & { text: string }) {
  const all = useMemo(() => lines(text), [text]);
  const wanted = Math.floor(lineOf(all, current) / BLOCK);
  const [at, setAt] = useState({ block: wanted, wanted, text });
  if (at.wanted !== wanted || at.text !== text) setAt({ block: wanted, wanted, text });
  const from = at.block * BLOCK;
  const to = Math.min(all.length, from + BLOCK);
  const bar = all.length > BLOCK && (
    <BlockBar from={from} to={to} all={all.length} onMove={(by) => setAt({ ...at, block: at.block + by })} />
  );
  return (
    <>
      {bar}
      {all.slice(from, to).map((line, i) => (
        <div key={from + i} dir="auto" className="line">
          {line.length ? <Pieces list={line} current={current} /> : '\u00a0'}
        </div>
      ))}
      {bar}
    </>
  );
}
