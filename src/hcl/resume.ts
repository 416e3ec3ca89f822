/** A line that reads as configuration: `key = …`, a block header, or a closing brace. */
const CONFIGURATION =
  /^[ \t]*(?:[A-Za-z_][\w.-]*[ \t]*=(?!=)|[A-Za-z_][\w.-]*(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*[ \t]*\{[ \t]*\r?$|\}[ \t]*\r?$)/gm;

/**
 * Where to go on after a heredoc that has no end. Its text would only cause more errors, so reading resumes at the first
 * line after `offset` that reads as configuration. Returns the offset of the line break before it, or the end of the text.
 */
export function resumeAfter(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  const pattern = new RegExp(CONFIGURATION);
  pattern.lastIndex = newline + 1;
  const match = pattern.exec(text);
  return match ? match.index - 1 : text.length;
}
