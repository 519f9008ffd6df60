// The types of the front end, made from what the server says of itself: node tools/api.mjs OPENAPI_JSON writes
// src/api/schema.ts. With --check nothing is written: the two have to agree.
import { readFileSync, writeFileSync } from 'node:fs';

const SCHEMA = new URL('../src/api/schema.ts', import.meta.url);
const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const name = (key) => (/^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`);
function type(s) {
  if (s.$ref) return s.$ref.split('/').at(-1);
  if (s.anyOf) return s.anyOf.map(type).join(' | ');
  if (s.enum) return s.enum.map((v) => `'${v}'`).join(' | ');
  if (s.const !== undefined) return `'${s.const}'`;
  if (s.prefixItems) return `[${s.prefixItems.map(type).join(', ')}]`;
  if (s.type === 'array') return /\|/.test(type(s.items)) ? `(${type(s.items)})[]` : `${type(s.items)}[]`;
  if (s.type !== 'object') return { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[s.type] ?? 'unknown';
  const members = Object.entries(s.properties).map(([key, v]) => `${name(key)}${s.required.includes(key) ? '' : '?'}: ${type(v)}`);
  if (s.additionalProperties) members.push(`[more: string]: ${members.length ? 'unknown' : type(s.additionalProperties)}`);
  return members.length ? `{ ${members.join('; ')} }` : 'Record<string, never>';
}

const bodies = [];
for (const methods of Object.values(document.paths))
  for (const o of Object.values(methods)) {
    const request = o.requestBody?.content['application/json']?.schema;
    const answer = o.responses['2XX'].content?.['application/json']?.schema;
    bodies.push(`  '${o.operationId}': { takes: ${request ? type(request) : 'never'}; gives: ${answer ? type(answer) : 'void'} };`);
  }
const text = `// Made by tools/api from what the server says of itself (data/api/shapes.txt): not to be changed by hand.

${Object.entries(document.components.schemas)
  .map(([key, s]) => `export type ${key} = ${type(s)};`)
  .join('\n')}

export type Operations = {
${bodies.sort().join('\n')}
};
`;
if (!process.argv.includes('--check')) writeFileSync(SCHEMA, text);
else if (readFileSync(SCHEMA, 'utf8') !== text) {
  console.error('src/api/schema.ts is not what the server says of itself: run tools/api');
  process.exit(1);
}
