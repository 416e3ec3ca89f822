/**
 * Go's base64.StdEncoding: padded, line breaks ignored. `error` is what its decoder says, undefined when all is well;
 * `value` is then what stands before the wrong four.
 */
export function decodeBase64(text: string): { readonly value: Buffer; readonly error: string | undefined } {
  const digits = text.replace(/[\r\n]/g, '');
  const fine = digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
  if (fine) return { value: Buffer.from(digits, 'base64'), error: undefined };
  const good = /^[A-Za-z0-9+/]*/.exec(digits)![0].length;
  // What is too short is wrong from the beginning of its last four.
  const badAt = good === digits.length ? good - (good % 4) : good;
  const value = Buffer.from(digits.slice(0, good - (good % 4)), 'base64');
  return { value, error: `illegal base64 data at input byte ${badAt}` };
}
