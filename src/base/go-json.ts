/** JSON as Go's encoding/json prints it: `<`, `>`, `&` and the two line separators escaped; four-space indent when pretty. */
export function goJson(value: unknown, indent?: string): string {
  const json = JSON.stringify(value, undefined, indent);
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
