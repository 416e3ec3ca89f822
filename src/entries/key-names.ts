/** The spellings of a field that Consul takes: its Go name in any case, or that name in snake_case: `ExternalSNI`, `external_sni`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z0-9])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * The field that a key means, or undefined. `translated`: it was written in snake_case. Fields that are named in snake_case
 * themselves, as agent configuration has them, are found by their Go name too.
 */
export function fieldNamed(key: string, fields: Iterable<string>): { name: string; translated: boolean } | undefined {
  const wanted = key.toLowerCase();
  for (const name of fields) {
    const lower = name.toLowerCase();
    if (lower === wanted || lower.replaceAll('_', '') === wanted) return { name, translated: false };
    if (snakeCase(name) === wanted) return { name, translated: true };
  }
  return undefined;
}
