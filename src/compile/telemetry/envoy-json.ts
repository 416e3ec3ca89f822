/** Reads JSON of Envoy, whose names may be written `collectorCluster` or `collector_cluster`; what isn't there is undefined. */
export function at(value: unknown, path: readonly string[]): unknown {
  let here = typeof value === 'string' ? parsed(value) : value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    const fields = here as Readonly<Record<string, unknown>>;
    here = fields[name] ?? fields[snakeCase(name)];
  }
  return here;
}

export function textAt(value: unknown, path: readonly string[]): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
