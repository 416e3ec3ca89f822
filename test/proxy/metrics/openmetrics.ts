/** As the ABNF of OpenMetrics 1.0 has them; what this project doesn't write (units, timestamps, exemplars) isn't known here. */
const NAME = '[A-Za-z_:][A-Za-z0-9_:]*';
const LABEL = '[A-Za-z_][A-Za-z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const DESCRIPTOR = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?[0-9]+(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?|\\+Inf|NaN)$`);
/** By type, how the names of samples go on behind that of their family. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  unknown: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

interface Sample {
  readonly suffix: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

/** Reads an exposition and throws at the first thing that OpenMetrics 1.0 forbids. */
export function parseOpenMetrics(text: string): Family[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end in # EOF');
  const families = new Map<string, { name: string; help: string; type: string; samples: Sample[] }>();
  let family = { name: '', help: '', type: '', samples: [] as Sample[] };
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, keyword, of, said] = DESCRIPTOR.exec(line) ?? [];
    if (of !== undefined && of !== family.name) {
      if (families.has(of)) throw new Error(`${of} comes in two places`);
      family = { name: of, help: '', type: '', samples: [] };
      families.set(of, family);
    }
    if (keyword) {
      const field = keyword === 'HELP' ? 'help' : 'type';
      if (family[field] !== '' || family.samples.length > 0) throw new Error(`${line}: too late`);
      family[field] = said!;
    } else family.samples.push(readSample(line, family));
  }
  const names = [...families.values()].flatMap(({ name, type }) => SUFFIXES[type]!.map((suffix) => name + suffix));
  once(names, 'two families have samples of one name');
  for (const one of families.values()) judge(one);
  return [...families.values()];
}

function readSample(line: string, { name, type }: Pick<Family, 'name' | 'type'>): Sample {
  const [, sampled, labelText = '', number] = SAMPLE.exec(line) ?? [];
  if (sampled === undefined) throw new Error(`not a sample: ${line}`);
  const suffix = sampled.slice(name.length);
  if (!sampled.startsWith(name) || !SUFFIXES[type]?.includes(suffix)) throw new Error(`${sampled} is no sample of ${name}, a ${type}`);
  const pairs = (labelText.match(new RegExp(LABEL, 'g')) ?? []).map((label) => label.split(/=(.*)/s) as [string, string]);
  once(
    pairs.map(([label]) => label),
    line,
  );
  return { suffix, labels: new Map(pairs), value: number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number) };
}

/** What the samples of a family have to be among themselves. */
function judge({ name, type, samples }: Family): void {
  const metrics = new Map<string, Sample[]>();
  let last: string | undefined;
  for (const sample of samples) {
    const own = [...sample.labels].filter(([label]) => type !== 'histogram' || label !== 'le');
    const key = JSON.stringify(own.toSorted(([a], [b]) => a.localeCompare(b)));
    if (key !== last && metrics.has(key)) throw new Error(`the samples of ${name}${key} are not together`);
    last = key;
    metrics.set(key, [...(metrics.get(key) ?? []), sample]);
    if (type !== 'gauge' && type !== 'unknown' && !(sample.value >= 0)) throw new Error(`${name}${key} is ${sample.value}`);
  }
  for (const [key, metric] of metrics) {
    if (type === 'histogram') judgeHistogram(name + key, metric);
    else if (metric.length > 1) throw new Error(`${name}${key} is there twice`);
  }
}

function judgeHistogram(what: string, metric: readonly Sample[]): void {
  const buckets = metric.filter(({ suffix }) => suffix === '_bucket').map(({ labels, value }) => ({ le: labels.get('le'), value }));
  const [sum, count, ...more] = metric.slice(buckets.length);
  if (sum?.suffix !== '_sum' || count?.suffix !== '_count' || more.length > 0) throw new Error(`${what} has not one sum and one count`);
  if (buckets.at(-1)?.le !== '"+Inf"' || buckets.at(-1)?.value !== count.value)
    throw new Error(`the buckets of ${what} don't end in its count`);
  for (const [i, { le, value }] of buckets.slice(0, -1).entries()) {
    // The canonical form, so that a bound is the same label wherever it comes from.
    if (!/^"[0-9]+\.[0-9]+"$/.test(le ?? '')) throw new Error(`${what}: ${le} is not the canonical form of a number`);
    const next = buckets[i + 1]!;
    if (value > next.value) throw new Error(`${what}: the bucket ${le} holds more than the one above`);
  }
}

function once(names: readonly string[], what: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`${what}: ${twice}`);
}
