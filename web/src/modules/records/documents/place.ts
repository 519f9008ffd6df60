// Where in the text of a declaration something stands that the server names: "template charges.blocks[2].of: …",
// or "not JSON at line 3, column 7: …".

// The offset of what lies under a path such as blocks[2].of; as far as the path leads.
export function offsetOf(text: string, path: string): number {
  const steps = [...path.matchAll(/([A-Za-z_0-9]+)|\[(\d+)\]/g)].map((m) => (m[2] === undefined ? m[1]! : Number(m[2])));
  let at = 0;
  const space = () => {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
  };
  const string = () => {
    const from = at;
    at += 1;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    return text.slice(from + 1, at - 1);
  };
  const skip = () => {
    space();
    if (text[at] === '"') return void string();
    if (text[at] !== '{' && text[at] !== '[') {
      while (at < text.length && !/[,\]}\s]/.test(text[at]!)) at += 1;
      return;
    }
    let depth = 0;
    do {
      if (text[at] === '"') string();
      else {
        if (text[at] === '{' || text[at] === '[') depth += 1;
        if (text[at] === '}' || text[at] === ']') depth -= 1;
        at += 1;
      }
    } while (depth > 0 && at < text.length);
  };
  // To the value of a member, or to the n-th of a list; false: there is none.
  const enter = (to: string | number): boolean => {
    space();
    if (text[at] !== (typeof to === 'number' ? '[' : '{')) return false;
    at += 1;
    for (let n = 0; at < text.length; n += 1) {
      space();
      if (text[at] === ']' || text[at] === '}') return false;
      let name: string | number = n;
      if (typeof to === 'string') {
        name = string();
        space();
        at += 1; // the colon
        space();
      }
      if (name === to) return true;
      skip();
      space();
      at += 1; // the comma
    }
    return false;
  };
  space();
  for (const to of steps) {
    const before = at;
    if (!enter(to)) return before;
  }
  return at;
}

export function placeIn(text: string, message: string): number | null {
  const syntax = /^not JSON at line (\d+), column (\d+)/.exec(message);
  if (syntax) {
    const before = text.split('\n').slice(0, Number(syntax[1]) - 1);
    return before.reduce((sum, line) => sum + line.length + 1, 0) + Number(syntax[2]) - 1;
  }
  const semantic = /^template \w+((?:[.[][\w\]]+)*)/.exec(message);
  return semantic ? offsetOf(text, semantic[1] ?? '') : null;
}

export function lineOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
