import { showCharacter } from '../chars.ts';
import type { Explanation, Span } from '../report.ts';
import type { Key } from './ast.ts';
import type { Token } from './token.ts';

const NO_EXPRESSIONS = "Consul's HCL has no expressions: write the value itself";

/** What a token is called in a message. */
export function describeToken(token: Token): string {
  if (token.type === 'eof') return 'the end of the file';
  if (token.type === 'string' || token.type === 'heredoc') return `a ${token.type}`;
  if (token.type === 'number' || token.type === 'float') return `the number ${token.value}`;
  if (token.type === 'ident' || token.type === 'bool') return token.value;
  return token.type === 'illegal' ? showCharacter(token.value) : `'${token.value}'`;
}

/** Where a key was expected. `before` tells a value that goes on from an item that starts wrongly. */
export function explainItemStart(token: Token, before: Token | undefined): [string, Explanation] {
  const continues = !token.first && before !== undefined && !['{', '[', ',', '}'].includes(before.type);
  if (token.type === 'illegal' && token.value === "'") return ["strings don't start with a single quote", { hint: 'write "…"' }];
  if (token.type === 'illegal' && token.value === ';')
    return ['items are not separated by semicolons', { hint: 'put each on its own line' }];
  if (continues && ['+', '-', 'comment', 'illegal', '.', '['].includes(token.type)) {
    return [`${describeToken(token)} can't follow a value`, { hint: NO_EXPRESSIONS }];
  }
  if (token.type === ',') return ['one comma is enough', { detail: 'a key was expected after the comma' }];
  if (token.type === '=') return ["expected a key before '='", {}];
  if (token.type === '{') return ['expected a key before {', { hint: 'a block has a name: name { … }' }];
  if (token.type === 'number' || token.type === 'float')
    return ['a key does not start with a digit', { hint: `put it in quotes: "${token.value}"` }];
  if (token.type === 'bool') return [`${token.value} is a value, not a key`, { hint: `as a key it needs quotes: "${token.value}"` }];
  return [`expected a key, found ${describeToken(token)}`, {}];
}

/** Keys that neither `=` nor `{` follows. */
export function explainLabels(keys: readonly Key[], found: Token, text: string): [Span, string, Explanation] {
  const first = keys[0]!;
  const last = keys.at(-1)!;
  const place = { start: last.end, end: last.end };
  const quoted = keys.length === 2 && text[last.start] === '"';
  if (quoted) {
    const between = { start: first.end, end: first.end };
    return [
      between,
      `expected '=' between ${first.name} and its value`,
      { hint: `write ${first.name} = ${text.slice(last.start, last.end)}` },
    ];
  }
  if (found.type === '}' || found.type === 'eof' || found.first || found.type === '=') {
    return [place, `${last.name} has no value`, { hint: `write ${last.name} = … or ${last.name} { … }` }];
  }
  return [found, `expected '=' or { after ${last.name}, found ${describeToken(found)}`, {}];
}

/** A word where a value belongs. */
export function explainBareWord(token: Token, next: Token | undefined): [string, Explanation] {
  const word = token.value;
  const lower = word.toLowerCase();
  if (lower === 'null' || lower === 'nil') return [`Consul's HCL has no ${word}`, { hint: 'leave the key out' }];
  if (lower === 'true' || lower === 'yes' || lower === 'on')
    return [`${word} is not a value`, { hint: `write true, or "${word}" for the text` }];
  if (lower === 'false' || lower === 'no' || lower === 'off')
    return [`${word} is not a value`, { hint: `write false, or "${word}" for the text` }];
  if (next?.value === '(') return [`Consul's HCL has no functions such as ${word}`, { hint: 'write the value itself' }];
  return [`bare word ${word} is not a value`, { hint: `put it in quotes: "${word}"` }];
}

/** Something that no value starts with. */
export function explainValue(token: Token, missing: boolean): [string, Explanation] {
  if (missing) return ['a value is missing here', { detail: `found ${describeToken(token)} instead` }];
  if (token.type === 'illegal' && token.value === "'") return ["strings don't start with a single quote", { hint: 'write "…"' }];
  if (token.type === '+') return ["a number takes no '+'", { hint: 'leave it out' }];
  if (token.type === '=') return ["one '=' is enough", {}];
  return [`a value can't start with ${describeToken(token)}`, { hint: NO_EXPRESSIONS }];
}
