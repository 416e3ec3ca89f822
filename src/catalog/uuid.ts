/** What go-memdb says of a text that is no UUID; undefined for one that is. */
export function uuidProblem(id: string): string | undefined {
  if (Buffer.byteLength(id) !== 36) return 'UUID must be 36 characters';
  const digits = id.replaceAll('-', '');
  const hyphens = id.length - digits.length;
  if (hyphens > 4) return `UUID should have maximum of 4 "-"; got ${hyphens}`;
  if (digits.length % 2 !== 0) return 'Input (without hyphens) must be even length';
  const bad = /[^\dA-Fa-f]/u.exec(digits)?.[0];
  if (bad === undefined) return undefined;
  const code = bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `Invalid UUID: encoding/hex: invalid byte: U+${code} '${bad}'`;
}
