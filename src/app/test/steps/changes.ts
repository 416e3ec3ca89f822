import { findWorkloads, nothingCalled } from '../../cli/find-workloads.ts';
import { configCommand } from '../../consul/config.ts';
import { intentionCommand } from '../../consul/intention.ts';
import { eventually, StepFailure } from '../failure.ts';
import type { World } from '../world.ts';
import type { MeshStep } from './step.ts';

const GROUP = 'Changing the mesh';

/** Each returns when the sidecars serve what was changed. */
export const changeSteps: readonly MeshStep[] = [
  {
    phrase: 'I write the config entry file "FILE"',
    pattern: /^I write the config entry file "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'As `mesh config write` does. The path is relative to the folder of the blueprint.',
    example: 'When I write the config entry file "consul_service/payments_defaults.hcl"',
    run: (world, { words: [file = ''] }) =>
      world.own(`writing ${file}`, (io) => configCommand(['write', file], { ...io, cwd: world.target.folder })),
  },
  {
    phrase: 'the config entry "KIND" "NAME" is written from "FILE"',
    pattern: /^the config entry "([^"]*)" "([^"]*)" is written from "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'The same, and fails if another entry stands in the file.',
    example: 'Given the config entry "service-defaults" "payments" is written from "consul_service/payments_defaults.hcl"',
    run: async (world, { words: [kind = '', name = '', file = ''] }) => {
      const said = await world.own(`writing ${file}`, (io) => configCommand(['write', file], { ...io, cwd: world.target.folder }));
      const [, found = said] = /^Config entry written: (.*)$/m.exec(said) ?? [];
      if (found !== `${kind}/${name}`) throw new StepFailure(`${file} holds another entry`, { expected: `${kind}/${name}`, found });
    },
  },
  {
    phrase: 'I write the config entry',
    pattern: /^I write the config entry$/,
    group: GROUP,
    from: 'mesh',
    doc: 'The one in the text below it, in HCL or JSON.',
    example: 'When I write the config entry\n  """\n  Kind     = "service-defaults"\n  Name     = "payments"\n  Protocol = "http"\n  """',
    below: 'text',
    run: (world, { docString = '' }) =>
      world.own('writing the entry', (io) => configCommand(['write', '-'], { ...io, stdin: () => Promise.resolve(docString) })),
  },
  {
    phrase: 'I delete the config entry "KIND" "NAME"',
    pattern: /^I delete the config entry "([^"]*)" "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'As `mesh config delete` does.',
    example: 'When I delete the config entry "service-defaults" "payments"',
    run: (world, { words: [kind = '', name = ''] }) =>
      world.own(`deleting ${kind}/${name}`, (io) => configCommand(['delete', '-kind', kind, '-name', name], io)),
  },
  {
    phrase: 'an intention denies calls from "SERVICE" to "SERVICE"',
    pattern: /^an intention (denies|allows) (?:calls from )?"([^"]*)" (?:to|->) "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Or `allows`. Replaces an intention of the two that is there already. Also as `denies "web" -> "payments"`; `*` is every service.',
    example: 'Given an intention denies calls from "web" to "payments"',
    run: (world, { words: [verb = '', source = '', destination = ''] }) => {
      const action = verb === 'denies' ? '-deny' : '-allow';
      return world.own('creating the intention', (io) => intentionCommand(['create', action, '-replace', source, destination], io));
    },
  },
  {
    phrase: 'there is no intention from "SERVICE" to "SERVICE"',
    pattern: /^there is no intention from "([^"]*)" to "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Deletes it if there is one: the default holds again.',
    example: 'When there is no intention from "web" to "payments"',
    run: (world, { words: [source = '', destination = ''] }) =>
      world.own('deleting the intention', (io) => intentionCommand(['delete', source, destination], io)),
  },
  {
    phrase: 'I scale "DEPLOYMENT" to N pods',
    pattern: /^I scale "([^"]*)" to (\d+)(?: pods?)?$/,
    group: GROUP,
    from: 'mesh',
    doc: 'As `mesh scale` does; returns when the new ones are ready and the others have gone.',
    example: 'When I scale "web" to 3 pods',
    limit: 'ready',
    run: async (world, { words: [name = '', count = ''] }) => {
      await world.status();
      const { readyMs, ports } = world.settings;
      await world.ask('scale', { counts: { [name]: Number(count) }, timeoutMs: readyMs, ports });
    },
  },
  {
    phrase: 'I kill "WORKLOAD"',
    pattern: /^I kill "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'SIGKILL to its process (of a service: of all its workloads). It will be started again; the steps below see it gone or new.',
    example: 'When I kill "payments"',
    run: (world, { words: [name = ''] }) => kill(world, name),
  },
];

async function kill(world: World, name: string): Promise<void> {
  const report = await world.status();
  const workloads = findWorkloads(name, report);
  if (workloads.length === 0) throw nothingCalled(name, report);
  const pids = workloads.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  if (pids.length === 0)
    throw new StepFailure(`${name} has no process`, { found: workloads.map(({ id, phase }) => `${id} is in phase ${phase}`).join(', ') });
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await eventually(world.signal, async () => {
    const after = findWorkloads(name, await world.status());
    const still = after.filter(({ pid, phase }) => pid !== undefined && pids.includes(pid) && (phase === 'ready' || phase === 'running'));
    return still.length === 0
      ? undefined
      : new StepFailure(`${name} still runs`, { found: still.map(({ pid }) => `pid ${pid}`).join(', ') });
  });
}
