/** Whether a code point belongs to a set. */
export type CharSet = (char: number) => boolean;

export const range =
  (low: number, high: number): CharSet =>
  (char) =>
    char >= low && char <= high;

export const anyOf =
  (sets: readonly CharSet[]): CharSet =>
  (char) =>
    sets.some((set) => set(char));

export const not =
  (set: CharSet): CharSet =>
  (char) =>
    !set(char);

/** With the other case of each letter. */
export function foldCase(set: CharSet): CharSet {
  return (char) => {
    if (set(char)) return true;
    const text = String.fromCodePoint(char);
    return [text.toLowerCase(), text.toUpperCase()].some((other) => other !== text && isOne(other) && set(other.codePointAt(0)!));
  };
}

/** `ß` has no upper case of one character. */
function isOne(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1);
}

const among = (spec: RegExp): CharSet => {
  const ascii = Array.from({ length: 128 }, (_, char) => spec.test(String.fromCharCode(char)));
  return (char) => ascii[char] === true;
};

/** `\d`, `\s` and `\w` of RE2 are ASCII. */
export const PERL: Readonly<Record<string, CharSet>> = {
  d: among(/[0-9]/),
  s: among(/[\t\n\f\r ]/),
  w: among(/[0-9A-Za-z_]/),
};

export const POSIX: Readonly<Record<string, CharSet>> = {
  alnum: among(/[0-9A-Za-z]/),
  alpha: among(/[A-Za-z]/),
  ascii: range(0, 127),
  blank: among(/[\t ]/),
  cntrl: (char) => char < 0x20 || char === 0x7f,
  digit: among(/[0-9]/),
  graph: among(/[!-~]/),
  lower: among(/[a-z]/),
  print: among(/[ -~]/),
  punct: among(/[!-/:-@[-`{-~]/),
  space: among(/[\t\n\v\f\r ]/),
  upper: among(/[A-Z]/),
  word: among(/[0-9A-Za-z_]/),
  xdigit: among(/[0-9A-Fa-f]/),
};

/** A general category of one or two letters, else a script; undefined when there is none of that name. */
export function unicodeClass(name: string): CharSet | undefined {
  if (name === 'Any') return () => true;
  try {
    const property = new RegExp(`\\p{${name.length <= 2 ? name : `Script=${name}`}}`, 'u');
    return (char) => property.test(String.fromCodePoint(char));
  } catch {
    return undefined;
  }
}
