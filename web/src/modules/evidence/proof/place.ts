// The place in an item that a proof is linked at.
export type Place = { page: number | null; place: string; quote: string };

// What is chosen on the screen: the region that was drawn, else the words that are marked, else where a recording stands.
export function placeNow(page: number | null, anchor: { page: number; region: readonly number[]; quote: string } | null): Place {
  if (anchor) return { page: anchor.page, place: anchor.region.map((n) => Math.round(n)).join(','), quote: anchor.quote.slice(0, 500) };
  const marked = getSelection()?.toString().replace(/\s+/g, ' ').trim() ?? '';
  const player = document.querySelector<HTMLMediaElement>('audio, video');
  const second = player && player.currentTime > 0 ? `${Math.floor(player.currentTime)} s` : '';
  return { page: player ? null : page, place: second, quote: marked.slice(0, 500) };
}
