// Numbers as people type them: a decimal comma where the language has one, spaces between thousands.

// The number in the server's spelling ("1234.5"), or null where it is none.
export function spellNumber(typed: string, locale: string): string | null {
  const text = typed.replace(/[\s\u00a0\u202f']/g, '').replace('−', '-');
  if (locale.startsWith('fr')) {
    const m = /^(-?)(\d+)(?:[.,](\d+))?$/.exec(text);
    return m ? m[1]! + m[2]! + (m[3] ? `.${m[3]}` : '') : null;
  }
  const m = /^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text);
  return m ? m[1]! + m[2]!.replaceAll(',', '') + (m[3] ? `.${m[3]}` : '') : null;
}

export const numberText = (value: number | string, locale: string) =>
  locale.startsWith('fr') ? String(value).replace('.', ',') : String(value);

const LETTER: Record<string, number> = { n: 1, e: 1, s: -1, w: -1, o: -1 };

// A latitude or longitude: "50.4501", "50,4501", "50°27′3″N", "30 31 24 E", "S 12.5". Null where it is none.
export function degrees(typed: string, most: 90 | 180): number | null {
  const text = typed.trim().toLowerCase().replace('−', '-');
  const letter = /^([nsewo])|([nsewo])$/.exec(text);
  const sign = letter ? LETTER[letter[1] ?? letter[2]!]! : 1;
  const parts = text
    .replace(/[nsewo]/g, ' ')
    .replaceAll(',', '.')
    .split(/[\s°º'′’"″”:]+/)
    .filter((p) => p !== '');
  if (parts.length < 1 || parts.length > 3 || !parts.every((p) => /^-?\d+(\.\d+)?$/.test(p))) return null;
  const [d, m = 0, s = 0] = parts.map(Number) as [number, number?, number?];
  if (m < 0 || m >= 60 || s < 0 || s >= 60) return null;
  const value = (Math.abs(d) + m / 60 + s / 3600) * (parts[0]!.startsWith('-') ? -1 : 1) * sign;
  return Math.abs(value) <= most ? Math.round(value * 1e7) / 1e7 : null;
}

// Two coordinates pasted at once: "50.45, 30.52", "50,45 ; 30,52", "50°27′N 30°31′E", a URL's "@50.45,30.52".
export function pair(pasted: string): { lat: number; lon: number } | null {
  const text = pasted.trim();
  const lettered = /^(.*?[ns])[\s,;]*(.*[ewo])$/i.exec(text);
  const halves = lettered
    ? [lettered[1]!, lettered[2]!]
    : (/^([^;]+);([^;]+)$/.exec(text) ?? /^(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)$/.exec(text) ?? /^(-?[\d.]+)\s+(-?[\d.]+)$/.exec(text))?.slice(1);
  if (!halves) return null;
  const lat = degrees(halves[0]!, 90);
  const lon = degrees(halves[1]!, 180);
  return lat === null || lon === null ? null : { lat, lon };
}
