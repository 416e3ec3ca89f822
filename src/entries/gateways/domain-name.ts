/** Whether a name can stand in a DNS message: no empty label, none above 63 bytes, at most 254 in all. Any characters do. */
export function isDomainName(name: string): boolean {
  if (name === '') return false;
  if (name === '.') return true;
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const labels = bare.split('.').map((label) => Buffer.byteLength(label));
  return labels.every((length) => length > 0 && length <= 63) && labels.reduce((sum, length) => sum + length + 1, 0) <= 254;
}

/** Whether there is a wildcard anywhere but as the leftmost label. */
export const hasStrayWildcard = (name: string): boolean => name.replace(/^\*\./, '').includes('*');
