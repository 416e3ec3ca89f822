import { didYouMean } from '../../../base/suggest.ts';
import { bare } from '../../cli/bare.ts';
import { findWorkloads, nothingCalled } from '../../cli/find-workloads.ts';
import { lastLinesOf } from '../../last-lines.ts';
import { eventually, StepFailure } from '../failure.ts';
import type { World } from '../world.ts';
import { excerpt, type MeshStep, textMatcher } from './step.ts';

const GROUP = 'Services and configuration';
const LOG_LINES = 1_000;

export const registrySteps: readonly MeshStep[] = [
  {
    phrase: 'the service "NAME" should have N healthy instances',
    pattern: /^the service "([^"]*)" should have (\d+) healthy instances?$/,
    group: GROUP,
    from: 'mesh',
    doc: 'In the catalog, with all of its checks passing.',
    example: 'Then the service "payments" should have 1 healthy instance',
    run: (world, { words: [name = '', count = ''] }) => healthy(world, name, Number(count)),
  },
  {
    phrase: 'the config entry "KIND" "NAME" should exist',
    pattern: /^the config entry "([^"]*)" "([^"]*)" (?:should exist|exists)$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Also as `exists`.',
    example: 'Then the config entry "service-defaults" "payments" should exist',
    run: (world, { words: [kind = '', name = ''] }) =>
      eventually(world.signal, async () =>
        (await entryOf(world, kind, name)) ? undefined : new StepFailure(`there is no ${kind}/${name}`, await others(world, kind, name)),
      ),
  },
  {
    phrase: 'the config entry "KIND" "NAME" should not exist',
    pattern: /^the config entry "([^"]*)" "([^"]*)" should not exist$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Nobody has written it, or it was deleted.',
    example: 'Then the config entry "service-defaults" "payments" should not exist',
    run: (world, { words: [kind = '', name = ''] }) =>
      eventually(world.signal, async () => {
        const entry = await entryOf(world, kind, name);
        return entry ? new StepFailure(`there is a ${kind}/${name}`, { found: JSON.stringify(entry) }) : undefined;
      }),
  },
  {
    phrase: 'the field "PATH" of the config entry "KIND" "NAME" should be "VALUE"',
    pattern: /^the field "([^"]*)" of the config entry "([^"]*)" "([^"]*)" should be "(.*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'As `mesh config read` prints it: `Protocol`, `Splits[0].Weight`.',
    example: 'Then the field "Protocol" of the config entry "service-defaults" "payments" should be "http"',
    run: (world, { words: [path = '', kind = '', name = '', value = ''] }) => field(world, path, kind, name, value),
  },
  {
    phrase: 'the log of "WORKLOAD" should contain "TEXT"',
    pattern: /^the log of "([^"]*)" should contain "(.*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Its last 1,000 lines, or 16 KB. A text between backticks is a regular expression.',
    example: 'Then the log of "payments" should contain "Starting service"',
    run: (world, { words: [name = '', text = ''] }) => inLog(world, name, text),
  },
];

async function healthy(world: World, name: string, wanted: number): Promise<void> {
  await eventually(world.signal, async () => {
    const { services } = await world.status();
    const found = services.filter((service) => service.name === name);
    const known = services.map((service) => service.name);
    if (found.length === 0 && wanted > 0)
      return new StepFailure(`no service ${name} is registered`, { hint: `there are: ${known.join(', ')}`, ...didYouMean(name, known) });
    const instances = found.flatMap((service) => service.instances);
    const count = instances.filter(({ health }) => health === 'passing').length;
    if (count === wanted) return undefined;
    const shown = instances.map(({ id, health }) => `${id} ${health}`);
    return new StepFailure(`${name} has another number of healthy instances`, {
      expected: String(wanted),
      found: `${count}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`,
    });
  });
}

type Entry = Readonly<Record<string, unknown>> & { readonly Name: string };

async function entriesOf(world: World, kind: string): Promise<Entry[]> {
  return world.api<Entry[]>(`/v1/config/${encodeURIComponent(kind)}`);
}

async function entryOf(world: World, kind: string, name: string): Promise<Entry | undefined> {
  return (await entriesOf(world, kind)).find(({ Name }) => Name === name);
}

async function others(world: World, kind: string, name: string): Promise<{ hint?: string }> {
  const names = (await entriesOf(world, kind)).map(({ Name }) => Name);
  return names.length === 0 ? {} : { hint: `of that kind there are: ${names.join(', ')}`, ...didYouMean(name, names) };
}

async function field(world: World, path: string, kind: string, name: string, value: string): Promise<void> {
  await eventually(world.signal, async () => {
    const entry = await entryOf(world, kind, name);
    if (!entry) return new StepFailure(`there is no ${kind}/${name}`, await others(world, kind, name));
    let here: unknown = entry;
    for (const key of path.match(/[^.[\]]+/g) ?? [])
      here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
    if (here === undefined)
      return new StepFailure(`${kind}/${name} has no ${path}`, { expected: value, ...didYouMean(path, Object.keys(entry)) });
    return bare(here) === value
      ? undefined
      : new StepFailure(`${path} of ${kind}/${name} has another value`, { expected: value, found: bare(here) });
  });
}

async function inLog(world: World, name: string, text: string): Promise<void> {
  const holds = textMatcher(text);
  await eventually(world.signal, async () => {
    const report = await world.status();
    const workloads = findWorkloads(name, report);
    if (workloads.length === 0) throw nothingCalled(name, report);
    const lines = (await Promise.all(workloads.map(({ log }) => lastLinesOf(log, LOG_LINES)))).flat();
    if (lines.some(holds)) return undefined;
    return new StepFailure(`the log of ${name} has no such line`, { expected: text, found: excerpt(lines.slice(-10).join('\n')) });
  });
}
