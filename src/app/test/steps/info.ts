import { didYouMean } from '../../../base/suggest.ts';
import { StepFailure } from '../failure.ts';
import { inspect } from '../inspect.ts';
import { readJsonPath } from '../json-path.ts';
import { keysOf, keysOfId } from '../resource-key.ts';
import type { World } from '../world.ts';
import { keyAmong, workloadsOf } from './resources.ts';
import { excerpt, type MeshStep } from './step.ts';

const SUBJECT = `(?:"([^"]*)" called "([^"]*)"|container "([^"]*)")`;
const DOC =
  'What `docker inspect` would say of a container or sidecar: `Name`, `Config.Env`, `Config.Image`, `Config.Cmd`, `HostConfig.Binds`, ' +
  '`Mounts`, `NetworkSettings.Ports`, `NetworkSettings.Networks`, `State.Running` and more, by a JSON path.';

export const infoSteps: readonly MeshStep[] = [
  infoStep('equal', 'should equal "VALUE"', DOC, (found, wanted) => found === wanted),
  infoStep('contain', 'should contain "VALUE"', 'A part of it.', (found, wanted) => found.includes(wanted)),
  infoStep('exist', 'should exist', 'Whatever it is.', () => true),
];

function infoStep(verb: string, end: string, doc: string, holds: (found: string, wanted: string) => boolean): MeshStep {
  const value = verb === 'exist' ? '' : ' "([^"]*)"';
  const example = { equal: 'equal "8500"', contain: 'contain "85"', exist: 'exist' }[verb];
  return {
    phrase: `the info "PATH" for the running "TYPE" called "NAME" ${end}`,
    pattern: new RegExp(`^the info "([^"]*)" for the running ${SUBJECT} should ${verb}${value}$`),
    group: 'What runs',
    from: 'Shipyard and Jumppad',
    doc: `${doc}${verb === 'equal' ? ' Jumppad writes `container "resource.container.consul"` in place of the type and the name.' : ''}`,
    example: `Then the info "{.NetworkSettings.Ports['8500/tcp'][0].HostPort}" for the running "container" called "consul" should ${example}`,
    run: async (world, { words: [path = '', type = '', name = '', id = '', wanted = ''] }) => {
      const found = await infoOf(world, path, type === '' ? keysOfId(id) : keysOf(type, name));
      if (!holds(found, wanted)) throw new StepFailure(`${path} does not ${verb} that`, { expected: wanted, found: excerpt(found) });
    },
  };
}

async function infoOf(world: World, path: string, candidates: readonly string[]): Promise<string> {
  const report = await world.status();
  const { resources } = await world.ask('applied', {});
  const key = keyAmong(
    candidates,
    resources.map((resource) => resource.key),
  );
  const resource = resources.find((one) => one.key === key)!;
  if (!/^(?:container|sidecar)\./.test(key))
    throw new StepFailure(`${key} is no container`, { hint: 'only containers and sidecars can be looked into' });
  const document = inspect(resource, workloadsOf(key, report)[0]);
  const found = readJsonPath(path, document);
  if (!found.ok) throw new StepFailure(`${path} is not a JSON path: ${found.error}`);
  if (found.value !== undefined) return found.value;
  const known = namesIn(document);
  throw new StepFailure(`${path} leads to nothing`, didYouMean(path.replace(/[{}]/g, '').split(/[.[]/).at(-1) ?? '', known));
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(Array.isArray(value) ? [] : [name]), ...namesIn(inner)]);
}
