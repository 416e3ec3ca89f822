/**
 * What a script has written to `$EXEC_OUTPUT`: lines `key=value`, as Jumppad reads them. Whatever has no `=` is none; of a key
 * that is written twice the last value counts.
 */
export function parseExecOutput(text: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return Object.fromEntries(found);
}
