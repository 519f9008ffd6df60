// The walls of the front end: modules/x sees app, api and ui, never modules/y; ui and api see neither app nor
// modules; app sees modules only in app/modules.ts. Files stay below 300 lines.
import fs from 'node:fs';
import path from 'node:path';

export const LINES_MAX = 300;
const GENERATED = 'api/schema.ts'; // from what the server says

const SEEN = { ui: ['ui'], api: ['api'], app: ['app', 'api', 'ui'], modules: ['app', 'api', 'ui'], '': ['app', 'api', 'ui'] };

// The room of a path relative to src: "ui", "api", "app", "modules/evidence" or "" (main.tsx and its neighbours).
export function roomOf(file) {
  const parts = file.split('/');
  if (parts.length === 1) return '';
  return parts[0] === 'modules' ? `modules/${parts[1]}` : parts[0];
}

export function problems(file, text) {
  const found = [];
  const from = roomOf(file);
  const lines = text.split('\n').length - 1;
  if (lines > LINES_MAX && file !== GENERATED) found.push(`${file}: ${lines} lines; ${LINES_MAX} are enough for one idea`);
  if (/dangerouslySetInnerHTML|\.innerHTML\s*=/.test(text)) found.push(`${file}: text never becomes HTML; use Highlight`);
  if (/localStorage/.test(text) && file !== 'app/prefs.tsx') found.push(`${file}: only app/prefs.tsx keeps anything`);
  for (const [, spec] of text.matchAll(/(?:from\s+|import\s*\(?\s*|new URL\(\s*)['"](\.[^'"]*)['"]/g)) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), spec));
    const to = roomOf(target);
    if (to === from || to === '') continue;
    const kind = to.split('/')[0];
    if (kind === 'modules' && file === 'app/modules.ts') continue;
    if (!(SEEN[from.split('/')[0]] ?? []).includes(kind)) found.push(`${file}: ${from || 'main'} may not import ${to}`);
  }
  return found;
}

export function check(root) {
  const files = fs.readdirSync(root, { recursive: true }).filter((f) => /\.(ts|tsx|css)$/.test(f));
  return { files: files.length, found: files.flatMap((f) => problems(f, fs.readFileSync(path.join(root, f), 'utf8'))) };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { files, found } = check(new URL('../src', import.meta.url).pathname);
  console.log(found.join('\n') || `imports: ${files} files are in order`);
  process.exit(found.length ? 1 : 0);
}
