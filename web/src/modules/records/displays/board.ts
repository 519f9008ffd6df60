// Where the focus goes on a board, and how old a card looks.
export type Place = { column: number; row: number };

// Columns without cards are passed over. null: a key that moves nothing.
export function next(heights: readonly number[], at: Place, key: string): Place | null {
  const height = heights[at.column] ?? 0;
  const clamp = (row: number, h: number) => Math.max(0, Math.min(h - 1, row));
  const side = (by: 1 | -1): Place => {
    for (let c = at.column + by; c >= 0 && c < heights.length; c += by) if (heights[c]! > 0) return { column: c, row: clamp(at.row, heights[c]!) };
    return at;
  };
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return { ...at, row: clamp(at.row + 1, height) };
    case 'ArrowUp':
    case 'k':
      return { ...at, row: clamp(at.row - 1, height) };
    case 'Home':
      return { ...at, row: 0 };
    case 'End':
      return { ...at, row: clamp(height - 1, height) };
    case 'ArrowRight':
    case 'l':
      return side(1);
    case 'ArrowLeft':
    case 'h':
      return side(-1);
    default:
      return null;
  }
}

export const aged = (days: number) => (days >= 30 ? 'board-old' : days >= 14 ? 'board-ageing' : '');
