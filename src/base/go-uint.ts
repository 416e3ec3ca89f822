/** What strconv.ParseUint says of a text that is no unsigned number of 64 bits; undefined for one that is. */
export function uint64Problem(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  if (BigInt(text) > 0xffff_ffff_ffff_ffffn) return `strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`;
  return undefined;
}
