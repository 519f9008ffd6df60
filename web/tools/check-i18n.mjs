// Every message exists in every language, parses as ICU, takes the same arguments, and is used by the code.
import fs from 'node:fs';
import path from 'node:path';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';

export const LANGUAGES = ['en', 'fr'];

// The arguments of a message with their kinds, for example {"n": "number", "what": "text"}.
export function argumentsOf(message) {
  const found = {};
  const walk = (nodes) => {
    for (const node of nodes) {
      if (node.type === TYPE.argument) found[node.value] ??= 'text';
      if (node.type === TYPE.number) found[node.value] = 'number';
      if (node.type === TYPE.date || node.type === TYPE.time) found[node.value] = 'date';
      if (node.type === TYPE.plural) found[node.value] = 'number';
      if (node.type === TYPE.select) found[node.value] = `select ${Object.keys(node.options).toSorted().join(' ')}`;
      if (node.options) for (const option of Object.values(node.options)) walk(option.value);
      if (node.children) walk(node.children);
    }
  };
  walk(parse(message));
  return JSON.stringify(Object.fromEntries(Object.entries(found).toSorted()));
}

export function compare(messages) {
  const found = [];
  const [first, ...others] = LANGUAGES;
  for (const language of LANGUAGES) {
    for (const [id, text] of Object.entries(messages[language])) {
      if (!text.trim()) found.push(`${language} ${id}: is empty`);
      try {
        argumentsOf(text);
      } catch (e) {
        found.push(`${language} ${id}: ${e.message}`);
      }
    }
  }
  if (found.length) return found;
  for (const language of others) {
    for (const id of Object.keys(messages[first])) {
      if (!(id in messages[language])) found.push(`${language} ${id}: missing`);
      else if (argumentsOf(messages[first][id]) !== argumentsOf(messages[language][id])) found.push(`${language} ${id}: other arguments`);
    }
    for (const id of Object.keys(messages[language])) if (!(id in messages[first])) found.push(`${first} ${id}: missing`);
  }
  return found;
}

// Names of permissions, actions and handlers look like ids of messages, but are none.
const OTHER_NAMES = /(?:\bmay\(|permission: |\{ id: )'[\w.]+'|'[\w.]+':/g;
const WORDS = /\bword\(\s*'([\w.]+)'/g;
const BEGINNINGS = /`([a-z]+(?:\.[A-Za-z0-9_-]+)*\.)\$\{/g;
const IDS = /['"]([a-z]+(?:\.[A-Za-z0-9_-]+)+)['"]/g;

// Ids that the code names: 'evidence.search.label'; `evidence.type.${x}` and word('evidence.type', x) as beginnings.
export function used(text) {
  const beginnings = new Set([...text.matchAll(BEGINNINGS)].map((m) => m[1]));
  for (const [, space] of text.matchAll(WORDS)) beginnings.add(`${space}.`);
  const rest = text.replace(OTHER_NAMES, '').replace(WORDS, '');
  return { ids: new Set([...rest.matchAll(IDS)].map((m) => m[1])), beginnings };
}

export function check(root) {
  const messages = Object.fromEntries(LANGUAGES.map((l) => [l, {}]));
  const found = [];
  let code = '';
  for (const file of fs.readdirSync(root, { recursive: true })) {
    const text = /messages\/\w+\.json$|\.tsx?$/.test(file) ? fs.readFileSync(path.join(root, file), 'utf8') : '';
    const language = /messages\/(\w+)\.json$/.exec(file)?.[1];
    if (!language && !/\.test\.tsx?$/.test(file)) code += text;
    if (!language) continue;
    for (const [id, message] of Object.entries(JSON.parse(text))) {
      if (id in messages[language]) found.push(`${language} ${id}: given twice`);
      messages[language][id] = message;
    }
  }
  found.push(...compare(messages));
  const { ids, beginnings } = used(code);
  const known = Object.keys(messages[LANGUAGES[0]]);
  const spaces = new Set(known.map((id) => id.split('.')[0]));
  for (const id of known) {
    if (!ids.has(id) && ![...beginnings].some((b) => id.startsWith(b))) found.push(`${id}: not used by the code`);
  }
  for (const id of ids) if (spaces.has(id.split('.')[0]) && !known.includes(id)) found.push(`${id}: used by the code, but no message`);
  return { messages: known.length, found };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { messages, found } = check(new URL('../src', import.meta.url).pathname);
  console.log(found.join('\n') || `messages: ${messages} in ${LANGUAGES.join(' and ')}`);
  process.exit(found.length ? 1 : 0);
}
