const END = '# EOF';

/** Texts of Prometheus or OpenMetrics as one, each family with all its samples in one place, as both formats want it. */
export function mergeMetrics(texts: readonly string[]): string {
  const families = new Map<string, string[]>();
  let ends = false;
  for (const text of texts) {
    let samples: string[] = [];
    for (const line of text.split('\n')) {
      if (line === END) ends = true;
      else if (line.startsWith('# HELP ')) {
        const name = line.split(' ', 3)[2]!;
        samples = families.get(name) ?? [line];
        families.set(name, samples);
      } else if (line !== '' && !(line.startsWith('#') && samples.includes(line))) samples.push(line);
    }
  }
  const lines = [...families.values()].flat();
  return [...lines, ...(ends ? [END] : []), ''].join('\n');
}
