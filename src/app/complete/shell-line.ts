/** What stands before the cursor, as a shell of Bourne's kind takes it apart. */
export interface ShellLine {
  /** Complete words, without quotes; the first is the program. */
  readonly words: readonly string[];
  /** The word at the cursor, as far as it is typed; '' behind a blank. */
  readonly last: string;
  /** The quote that is open at the cursor, or ''. */
  readonly quote: string;
}

/** Quotes and backslashes go; variables and substitutions stay as they are typed. A quote may be open at the end. */
export function takeApart(line: string): ShellLine {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quote !== "'" && char === '\\' && i + 1 < line.length) {
      const next = line.charAt(++i);
      // Inside of double quotes a backslash only takes the meaning from these.
      word = (word ?? '') + (quote === '"' && !/["\\$`]/.test(next) ? char + next : next);
    } else if (quote === '' ? /["']/.test(char) : char === quote) {
      quote = quote === '' ? char : '';
      word ??= '';
    } else if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  return { words, last: word ?? '', quote };
}

/**
 * A word as it stands in such a line, so that none of its characters means anything there: names come from others. Behind an
 * open quote, what fits into it; the shell closes it.
 */
export function quoted(word: string, quote: string): string {
  if (quote === "'") return word.replaceAll("'", `'\\''`);
  // An exclamation mark would be a word of the history, and a backslash before it stays in a double quote.
  if (quote === '"') return word.replaceAll(/["\\$`]/g, '\\$&').replaceAll('!', `"'!'"`);
  return word.replaceAll(/[^\p{L}\p{N}_./:=@%+,-]/gu, '\\$&');
}
