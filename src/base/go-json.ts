/** JSON as Go's encoding/json prints it: `<`, `>`, `&` and the two line separators escaped; four-space indent when pretty. */
export function goJson(value: unknown, indent?: string): string {
  return escapeJson(JSON.stringify(value, undefined, indent));
}

/** Go's HTML escaping, for JSON text that is there already: these characters stand only inside strings. */
export function escapeJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Compact JSON text as `goJson` indents it, without reading it: numbers stay as they are written. */
export function indentJson(json: string): string {
  let depth = 0;
  const line = (): string => `\n${'    '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|\[\]|\{\}|[[\]{},:]/g, (token) => {
    if (token === '{' || token === '[') {
      depth++;
      return token + line();
    }
    if (token === '}' || token === ']') {
      depth--;
      return line() + token;
    }
    if (token === ',') return token + line();
    return token === ':' ? ': ' : token;
  });
}
