/** Go's base64.StdEncoding: padded, line breaks ignored. `badAt` is the byte that its error names. */
export function decodeBase64(text: string): { readonly value: Buffer; readonly badAt: number | undefined } {
  const digits = text.replace(/[\r\n]/g, '');
  const value = Buffer.from(digits, 'base64');
  const fine = digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
  if (fine) return { value, badAt: undefined };
  const good = /^[A-Za-z0-9+/]*/.exec(digits)![0].length;
  // What is too short is wrong from the beginning of its last four.
  return { value, badAt: good === digits.length ? good - (good % 4) : good };
}
