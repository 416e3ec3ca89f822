const MARKS = ['{', '}', '[', ']', '(', ')', '"', '=', ',', ' ', '\n', ':', '.', '-', '\\', '#', '/*', '*/', '${', '%{', '\r\n', '\0', "'"];
const WORDS = ['a', '"b"', '1', 'true', 'x = 1\n', 'b {\n', '08', 'é', '😀', '<<EOF\n', 'EOF\n'];
const PIECES = MARKS.concat(WORDS);

/** Texts that are a few small mistakes away from the given ones. The same seed gives the same texts. */
export function mutantsOf(texts: readonly string[], count: number, seed: number): string[] {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  return Array.from({ length: count }, () => {
    let text = texts[random(texts.length)]!;
    for (let edits = 1 + random(3); edits > 0; edits--) {
      const at = random(text.length + 1);
      const insert = random(2) === 0;
      text = insert
        ? text.slice(0, at) + PIECES[random(PIECES.length)]! + text.slice(at)
        : text.slice(0, at) + text.slice(at + 1 + random(3));
    }
    return text;
  });
}
