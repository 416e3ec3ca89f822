/** The spellings of a field that Consul takes: its Go name in any case, or that name in snake_case: `ExternalSNI`, `external_sni`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z0-9])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * The field that a key means, or undefined. Fields that are named in snake_case themselves, as agent configuration has them,
 * are found by their Go name too.
 */
export function fieldNamed(key: string, fields: readonly string[]): string | undefined {
  const wanted = key.toLowerCase();
  return fields.find((name) => {
    const lower = name.toLowerCase();
    return lower === wanted || lower.replaceAll('_', '') === wanted || snakeCase(name) === wanted;
  });
}
