/** Splits as a shell does, as far as quotes go. */
export function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/(?:"([^"]*)"|'([^']*)'|[^\s"'])+/g), ([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
