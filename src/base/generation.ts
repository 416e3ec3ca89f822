/**
 * While a resource takes the place of another one of the same name, both exist. What belongs to the later one is told apart
 * by a number behind a tilde, which stands in no name of a blueprint: `container.payments~2`, `10.5.0.110~2`.
 */
export function ofGeneration(name: string, generation: number | undefined): string {
  return generation === undefined ? name : `${name}~${generation}`;
}

export function withoutGeneration(name: string): string {
  return name.replace(/~\d+$/, '');
}

export function generationOf(name: string): number | undefined {
  const [, number] = /~(\d+)$/.exec(name) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** What a name means to someone of a generation: its own, else the one without a number, else any later one. */
export function lookUp<T>(map: ReadonlyMap<string, T>, name: string, generation: number | undefined): T | undefined {
  const own = map.get(ofGeneration(name, generation)) ?? map.get(name);
  if (own !== undefined) return own;
  for (const [key, value] of map) if (key.startsWith(`${name}~`) && withoutGeneration(key) === name) return value;
  return undefined;
}
