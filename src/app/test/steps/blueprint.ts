import { resolve } from 'node:path';
import { MeshError } from '../../../base/errors.ts';
import { runBlueprint } from '../../cli/run-blueprint.ts';
import { StepFailure } from '../failure.ts';
import type { World } from '../world.ts';
import { type MeshStep, rowsOf } from './step.ts';

const GROUP = 'A running blueprint';

/** What must be true before: the blueprint and what it is given. */
export const blueprintSteps: readonly MeshStep[] = [
  {
    phrase: 'I have a running blueprint [at path "PATH"] [using version "VERSION"]',
    pattern: /^I have a running blueprint(?: at path "([^"]*)")?(?: using version "([^"]*)")?$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc:
      'Runs the blueprint in the home of the scenario and returns when it is ready. A path is relative to the folder of the blueprint. ' +
      'A version of Shipyard is accepted, and makes no difference.',
    example: 'Given I have a running blueprint',
    limit: 'ready',
    run: (world, { words: [path = ''] }) => runIn(world, path),
  },
  {
    phrase: 'the following environment variables are set',
    pattern: /^the following environment variables are set$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'Variables of the environment in which the blueprint is read and commands run, until the scenario ends.',
    example: 'Given the following environment variables are set\n  | key     | value  |\n  | VERSION | 0.24.2 |',
    below: 'table',
    run: async (world, { table = [] }) => {
      for (const { key, value } of rowsOf(table, ['key', 'value'])) world.setVariable(key, value);
    },
  },
  {
    phrase: 'the environment variable "NAME" has a value "VALUE"',
    pattern: /^the environment variable "([^"]*)" has a value "([^"]*)"$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'One of them.',
    example: 'Given the environment variable "VERSION" has a value "0.24.2"',
    run: async (world, { words: [name = '', value = ''] }) => world.setVariable(name.trim(), value.trim()),
  },
  {
    phrase: 'the following shipyard variables are set',
    pattern: /^the following (?:shipyard|jumppad|mesh) variables are set$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'Values of `variable` blocks, stronger than `--var`. Also as `jumppad variables` and `mesh variables`. Has to stand above the step that runs the blueprint.',
    example: 'Given the following mesh variables are set\n  | key    | value |\n  | region | eu    |',
    below: 'table',
    run: async (world, { table = [] }) => {
      for (const { key, value } of rowsOf(table, ['key', 'value'])) setAssignment(world, key, value);
    },
  },
  {
    phrase: 'the shipyard variable "NAME" has a value "VALUE"',
    pattern: /^the (?:shipyard|jumppad|mesh) variable "([^"]*)" has a value "([^"]*)"$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'One of them.',
    example: 'Given the mesh variable "region" has a value "eu"',
    run: async (world, { words: [name = '', value = ''] }) => setAssignment(world, name.trim(), value.trim()),
  },
];

/** Published features set variables below the step that runs the blueprint as well, where Shipyard too pays no heed to them. */
function setAssignment(world: World, name: string, text: string): void {
  world.assignments.push({ name, text });
}

async function runIn(world: World, path: string): Promise<void> {
  const { settings, target, home, io } = world;
  const { files, assignments } = settings.given;
  const argument = path === '' ? target.blueprint : resolve(target.folder, path);
  world.takePrinted();
  try {
    await runBlueprint(
      {
        argument,
        replace: [],
        reading: { given: { files, assignments: [...assignments, ...world.assignments] }, update: settings.update },
        timeoutMs: settings.readyMs,
        start: { ports: settings.ports },
        browser: false,
        quiet: true,
        json: false,
      },
      home,
      io,
    );
  } catch (error) {
    // What the error would have the user type is about a mesh that will be gone.
    if (error instanceof MeshError && error.code === 'incomplete')
      throw new StepFailure(error.message, { hint: '--dont-destroy leaves the last scenario running, to look into it' });
    throw error;
  }
  world.started();
}
