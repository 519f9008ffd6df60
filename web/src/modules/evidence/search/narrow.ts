// One query within another: both must hold. What stands for everything narrows nothing.
export function within(first: string, second: string): string {
  const [a, b] = [first.trim(), second.trim()];
  if (a === '' || a === '*' || a === b) return b || '*';
  if (b === '' || b === '*') return a;
  return `${wrapped(a)} ${wrapped(b)}`;
}

// A single word, phrase or field needs no brackets.
const wrapped = (query: string) => (/^(?:[^\s()"]+|"[^"]*"|[a-z]+:"[^"]*")$/.test(query) ? query : `(${query})`);
