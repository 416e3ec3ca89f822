/** Opaque arguments, read as leniently as Consul's decoder: names in any case, a block that stands alone as a list of one. */

export type Block = Readonly<Record<string, unknown>>;

/** The argument of that name. */
export function argument(from: Block, name: string): unknown {
  if (Object.hasOwn(from, name)) return from[name];
  const lower = name.toLowerCase();
  const found = Object.keys(from).find((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : from[found];
}

/** The one block, which HCL also writes as a list of one. */
export function blockOf(value: unknown): Block | undefined {
  const [only, ...more] = blocksOf(value);
  return more.length === 0 ? only : undefined;
}

export function blocksOf(value: unknown): Block[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one): one is Block => typeof one === 'object' && one !== null && !Array.isArray(one));
}

/** A number, or a text that is one; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
