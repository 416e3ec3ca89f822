import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findWorkloads, nothingCalled } from '../../cli/find-workloads.ts';
import { runCommand } from '../command.ts';
import { StepFailure } from '../failure.ts';
import { followMoved } from '../moved-ports.ts';
import { wordsOf } from '../words.ts';
import type { World } from '../world.ts';
import { excerpt, type MeshStep, textMatcher } from './step.ts';

const GROUP = 'Commands and scripts';

export const commandSteps: readonly MeshStep[] = [
  {
    phrase: 'I run the command "COMMAND" in "WORKLOAD"',
    pattern: /^I run the command "(.*?)" in "([^"]*)"$/,
    group: GROUP,
    from: 'mesh',
    doc: 'Beside a workload, as `mesh exec` does: with its environment, its files and its address.',
    example: 'When I run the command "curl -s localhost:9091" in "web-0"',
    run: (world, { words: [text = '', name = ''] }) => inWorkload(world, text, name),
  },
  {
    phrase: 'I run the command "COMMAND"',
    pattern: /^I run the command "((?:(?!" in "[^"]*"$).)*)"$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc:
      'Runs a program of this machine in the folder of the feature file, to its end: one that does not end in time fails. Words are split at ' +
      "blanks, and single quotes keep them together; there is no shell. `mesh`, `consul`, `shipyard` and `jumppad` are the scenario's own.",
    example: `When I run the command "curl -s http://localhost:9090"`,
    run: (world, { words: [text = ''] }) => inTestFolder(world, text),
  },
  {
    phrase: 'I run the script',
    pattern: /^I run the script$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc:
      'The text below it, by the program in its first line (`#!/bin/bash`), or else by /bin/sh. Ports of the blueprint that had to move are ' +
      'replaced in it where they stand behind `localhost`; `MESH_PORT_9090` holds the real one for what it calls.',
    example: 'When I run the script\n  """\n  #!/bin/sh -e\n  curl -s localhost:9090 | grep payments\n  """',
    below: 'text',
    run: (world, { docString = '' }) => script(world, docString),
  },
  {
    phrase: 'I expect the exit code to be N',
    pattern: /^I expect the exit code to be (\d+)$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'Of the last command or script.',
    example: 'Then I expect the exit code to be 0',
    run: async ({ command }, { words: [exit = ''] }) => {
      if (!command) throw new StepFailure('no command has been run yet');
      if (command.exit === Number(exit)) return;
      throw new StepFailure('the command ended with another exit code', {
        expected: exit,
        found: String(command.exit),
        details: excerpt(command.output).split('\n'),
      });
    },
  },
  {
    phrase: 'I expect the response to contain "TEXT"',
    pattern: /^I expect the response to contain "(.*)"$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'What the last command or script has printed, errors included. A text between backticks is a regular expression.',
    example: 'And I expect the response to contain "payments"',
    run: async ({ command }, { words: [text = ''] }) => {
      if (!command) throw new StepFailure('no command has been run yet');
      if (textMatcher(text)(command.output)) return;
      throw new StepFailure('the command printed no such text', { expected: text, found: excerpt(command.output) });
    },
  },
];

async function inTestFolder(world: World, text: string): Promise<void> {
  const [program = '', ...args] = wordsOf(followMoved(text, await world.movedPorts()));
  if (program === '') throw new StepFailure('there is no command');
  const real = program.startsWith('.') ? resolve(world.target.testFolder, program) : program;
  world.command = await runCommand([real, ...args], { cwd: world.target.testFolder, env: await world.environment(), signal: world.signal });
}

async function inWorkload(world: World, text: string, name: string): Promise<void> {
  const report = await world.status();
  const [workload] = findWorkloads(name, report);
  if (!workload) throw nothingCalled(name, report);
  const { id, generation } = workload;
  const plan = await world.ask('exec', { id, ...(generation === undefined ? {} : { generation }), command: wordsOf(text) });
  world.command = await runCommand(plan.command, { cwd: plan.cwd, env: plan.env, signal: world.signal });
}

async function script(world: World, text: string): Promise<void> {
  const folder = join(world.home.root, 'scripts');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'script.sh');
  await writeFile(path, `${followMoved(text, await world.movedPorts())}\n`, { mode: 0o700 });
  const command = text.startsWith('#!') ? [path] : ['/bin/sh', path];
  world.command = await runCommand(command, { cwd: world.target.testFolder, env: await world.environment(), signal: world.signal });
}
