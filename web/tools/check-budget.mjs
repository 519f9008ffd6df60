// What the first screen loads, and what each page adds, in kB of gzip: shell at most 180 of script, page at most 220.
import fs from 'node:fs';
import path from 'node:path';

export const SHELL_MAX = 180;
export const PAGE_MAX = 220;

// The files that come with a chunk of the manifest: itself and what it imports at once.
export function closure(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key].imports ?? []) closure(manifest, imported, seen);
  return seen;
}

export function weigh(manifest, size) {
  const entry = Object.keys(manifest).find((k) => manifest[k].isEntry);
  const shell = closure(manifest, entry);
  const kB = (keys) => [...keys].reduce((sum, k) => sum + (manifest[k].file.endsWith('.js') ? size(manifest[k].file) : 0), 0) / 1000;
  const pages = Object.keys(manifest)
    .filter((k) => manifest[k].isDynamicEntry && /\.tsx?$/.test(k))
    .map((k) => ({ page: k, kB: kB([...closure(manifest, k)].filter((x) => !shell.has(x))) }));
  const over = pages.filter((p) => p.kB > PAGE_MAX).map((p) => `${p.page}: ${p.kB.toFixed(1)} kB; at most ${PAGE_MAX}`);
  if (kB(shell) > SHELL_MAX) over.unshift(`shell: ${kB(shell).toFixed(1)} kB; at most ${SHELL_MAX}`);
  return { shell: kB(shell), pages, over };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const dist = new URL('../dist/', import.meta.url).pathname;
  const manifest = JSON.parse(fs.readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));
  const { shell, pages, over } = weigh(manifest, (file) => fs.statSync(path.join(dist, `${file}.gz`)).size);
  console.log(`shell ${shell.toFixed(1)} kB`);
  for (const p of pages) console.log(`  + ${p.page} ${p.kB.toFixed(1)} kB`);
  if (over.length) console.log(over.join('\n'));
  process.exit(over.length ? 1 : 0);
}
