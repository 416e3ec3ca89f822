/**
 * JSON that is carried as text, because its author's numbers (`1.0`), key order and duplicates must come out as they went
 * in. All functions expect valid JSON.
 */

/** The parts between the commas of the outermost array or object, trimmed: `["\"a\": 1", "\"b\": [2]"]`. */
export function parts(json: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  const take = (end: number) => {
    const part = json.slice(start, end).trim();
    if (part !== '') found.push(part);
  };
  for (let at = 0; at < json.length; at++) {
    const c = json[at];
    if (c === '"') at = endOfString(json, at);
    else if (c === '{' || c === '[') {
      if (depth++ === 0) start = at + 1;
    } else if (c === '}' || c === ']') {
      if (--depth === 0) take(at);
    } else if (c === ',' && depth === 1) {
      take(at);
      start = at + 1;
    }
  }
  return found;
}

/** The members of an object; of a repeated key the last one, as every JSON reader does. */
export function members(json: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of parts(json)) {
    const end = endOfString(part, 0) + 1;
    found.set(String(JSON.parse(part.slice(0, end))), part.slice(part.indexOf(':', end) + 1).trim());
  }
  return found;
}

/** Two spaces a level, `"key": value`, empty ones as `{}` and `[]`: Go's json.Indent. White space of the input is dropped. */
export function indented(json: string): string {
  let out = '';
  let depth = 0;
  const newline = () => `\n${'  '.repeat(depth)}`;
  for (let at = 0; at < json.length; at++) {
    const c = json[at]!;
    if (c === '"') {
      const end = endOfString(json, at);
      out += json.slice(at, end + 1);
      at = end;
    } else if (c === '{' || c === '[') {
      depth++;
      out += c;
      if (!isClosing(json, at + 1)) out += newline();
    } else if (c === '}' || c === ']') {
      depth--;
      out += out.endsWith('{') || out.endsWith('[') ? c : newline() + c;
    } else if (c === ',') out += c + newline();
    else if (c === ':') out += ': ';
    else if (!/\s/.test(c)) out += c;
  }
  return out;
}

/** Whether the next thing that isn't white space closes a bracket. */
function isClosing(json: string, at: number): boolean {
  let next = at;
  while (/\s/.test(json[next] ?? '')) next++;
  return json[next] === '}' || json[next] === ']';
}

/** Index of the closing quote of the string that opens at `at`. */
function endOfString(json: string, at: number): number {
  let end = at + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
  return end;
}
