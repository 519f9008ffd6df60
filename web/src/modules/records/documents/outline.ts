// A template as it is read: a line a block, indented by what repeats it or what it depends on.
export type Line = { depth: number; block: string; text: string; place: string };

type Json = { [name: string]: unknown };
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);

function step(v: unknown): string {
  if (!isObject(v)) return '?';
  if (v.rows) return `{${String(v.rows)}}`;
  if (v.items) return `{${String(v.items)}}`;
  if (v.kind) return v.field ? `${String(v.kind)} (${String(v.field)})` : String(v.kind);
  return `{${String(v.field)}}`;
}

function said(b: Json, language: 'en' | 'fr'): string {
  const of = Array.isArray(b.of) ? b.of.map(step).join(' → ') : b.of === undefined ? '' : step(b.of);
  const text = typeof b[language] === 'string' ? (b[language] as string) : '';
  const is = b.is === undefined ? '' : ` = ${[b.is].flat().map(String).join(', ')}`;
  if (b.block === 'if') return of || `{${String(b.field)}}${is}`;
  if (b.block === 'values') return (Array.isArray(b.fields) ? b.fields : [b.fields]).map((f) => `{${String(f)}}`).join(' ');
  if (b.block === 'table') return [of, (Array.isArray(b.columns) ? b.columns : []).map((c) => (isObject(c) ? String(c[language]) : '?')).join(' | ')].join(': ');
  return [of, text].filter(Boolean).join(': ');
}

export function outlineOf(declaration: unknown, language: 'en' | 'fr'): Line[] {
  const out: Line[] = [];
  const walk = (blocks: unknown, depth: number, place: string) => {
    if (!Array.isArray(blocks)) return;
    blocks.forEach((b, i) => {
      if (!isObject(b)) return;
      const at = `${place}[${i}]`;
      out.push({ depth, block: String(b.block), text: said(b, language), place: at });
      walk(b.blocks, depth + 1, `${at}.blocks`);
      walk(b.otherwise, depth + 1, `${at}.otherwise`);
    });
  };
  if (isObject(declaration)) walk(declaration.blocks, 0, 'blocks');
  return out;
}
