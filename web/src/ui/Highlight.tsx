import { lines, pieces, type Piece } from './text';

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

// A page of evidence, every line in its own direction.
export function Lines({ text, current }: Marked & { text: string }) {
  return lines(text).map((line, i) => (
    <div key={i} dir="auto" className="line">
      {line.length ? <Pieces list={line} current={current ?? null} /> : '\u00a0'}
    </div>
  ));
}
