import { didYouMean } from '../../../base/suggest.ts';
import { bare } from '../../cli/bare.ts';
import type { StatusReport, WorkloadReport } from '../../rpc/status.ts';
import { eventually, StepFailure } from '../failure.ts';
import { keysOf, keysOfId } from '../resource-key.ts';
import type { World } from '../world.ts';
import { excerpt, type MeshStep, rowsOf } from './step.ts';

const GROUP = 'What runs';

export const resourceSteps: readonly MeshStep[] = [
  {
    phrase: 'the following resources should be running',
    pattern: /^the following resources should be running$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc:
      'Each has been created, and its workloads run; one that has ended is a failure at once. A row is a name and a type, or the id of ' +
      'the resource as Jumppad writes it. `k8s_cluster` and `kubernetes_cluster`, and all forms of `ingress`, mean the same.',
    example:
      'Then the following resources should be running\n  | name     | type      |\n  | local    | network   |\n  | payments | container |',
    below: 'table',
    run: async (world, { table = [] }) => {
      const typed = (table[0] ?? []).length > 1;
      const keys = typed
        ? rowsOf(table, ['name', 'type']).map(({ name, type }) => keysOf(type, name))
        : rowsOf(table, ['name']).map(({ name }) => keysOfId(name));
      for (const candidates of keys) await running(world, candidates);
    },
  },
  {
    phrase: 'there should be a "TYPE" running called "NAME"',
    pattern: /^there should be an? "([^"]*)" running called "([^"]*)"$/,
    group: GROUP,
    from: 'Shipyard',
    doc: 'One of them.',
    example: 'Then there should be a "container" running called "payments"',
    run: (world, { words: [type = '', name = ''] }) => running(world, keysOf(type, name)),
  },
  {
    phrase: 'there should be a resource running called "ID"',
    pattern: /^there should be a resource running called "([^"]*)"$/,
    group: GROUP,
    from: 'Jumppad',
    doc: 'One of them, by its id.',
    example: 'Then there should be a resource running called "resource.container.payments"',
    run: (world, { words: [id = ''] }) => running(world, keysOfId(id)),
  },
  {
    phrase: 'the following output variables should be set',
    pattern: /^the following output variables should be set$/,
    group: GROUP,
    from: 'Jumppad',
    doc: 'Outputs of the blueprint and their values, as `mesh output` prints them.',
    example: 'Then the following output variables should be set\n  | name | value                 |\n  | web  | http://localhost:9090 |',
    below: 'table',
    run: async (world, { table = [] }) => {
      const outputs = await outputsAsWritten(world);
      for (const { name, value } of rowsOf(table, ['name', 'value'])) checkOutput(outputs, name.replace(/^output\./, ''), value);
    },
  },
];

/** The key that is meant, of what is applied. Throws a StepFailure if there is none. */
export function keyAmong(candidates: readonly string[], known: readonly string[]): string {
  const key = candidates.find((candidate) => known.includes(candidate));
  if (key !== undefined) return key;
  const [wanted = ''] = candidates;
  throw new StepFailure(`there is no ${wanted}`, { hint: `there are: ${known.join(', ')}`, ...didYouMean(wanted, known) });
}

async function running(world: World, candidates: readonly string[]): Promise<void> {
  await eventually(world.signal, async () => {
    const report = await world.status();
    const key = keyAmong(
      candidates,
      report.resources.map((resource) => resource.key),
    );
    const resource = report.resources.find((one) => one.key === key)!;
    if (resource.status !== 'created')
      return new StepFailure(`${key} is not running`, {
        expected: 'created',
        found: [resource.status, resource.error].filter(Boolean).join(': '),
      });
    const waits = workloadsOf(key, report).filter(({ phase }) => phase !== 'ready' && phase !== 'running');
    const ended = waits.find(({ phase }) => phase === 'failed' || phase === 'stopped');
    if (ended) throw notRunning(key, ended);
    return waits[0] ? notRunning(key, waits[0]) : undefined;
  });
}

function notRunning(key: string, { name, phase, lastExitReason, lastLines = [] }: WorkloadReport): StepFailure {
  const found = `${name} is in phase ${phase}${lastExitReason === undefined ? '' : `: it ${lastExitReason}`}`;
  return new StepFailure(`${key} is not running`, { expected: 'running', found, details: lastLines });
}

export function workloadsOf(key: string, { workloads }: Pick<StatusReport, 'workloads'>): WorkloadReport[] {
  return workloads.filter(({ id }) => id === key || id.startsWith(`${key}/`));
}

/** A test can't know which port was free: addresses in outputs are compared as the blueprint has them. */
async function outputsAsWritten(world: World): Promise<Record<string, string>> {
  const { outputs } = await world.status();
  const ports = await world.movedPorts();
  const written = new Map(Array.from(ports, ([port, real]) => [real, port]));
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      bare(value).replace(/(?<=(?:localhost|127\.0\.0\.1):)\d+/g, (port) => String(written.get(Number(port)) ?? port)),
    ]),
  );
}

function checkOutput(outputs: Readonly<Record<string, string>>, name: string, value: string): void {
  const found = outputs[name];
  const known = Object.keys(outputs);
  if (found === undefined)
    throw new StepFailure(`there is no output ${JSON.stringify(name)}`, {
      hint: known.length === 0 ? 'the blueprint has no outputs' : `there are: ${known.join(', ')}`,
      ...didYouMean(name, known),
    });
  if (found !== value) throw new StepFailure(`the output ${name} has another value`, { expected: value, found: excerpt(found) });
}
