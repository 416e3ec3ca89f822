import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FakeServiceReply, type Outcome, Workspace } from './harness.ts';

const SHAPES = join(import.meta.dirname, 'shapes');

/** A folder of the workspace. Many users have a space in the path of their files. */
const FOLDER = 'my shop';

/** A workspace with a copy of the blueprints of one version of Shipyard. */
function written(dialect: string): Workspace {
  const mesh = new Workspace();
  cpSync(join(SHAPES, dialect), join(mesh.cwd, FOLDER), { recursive: true });
  return mesh;
}

async function shipyard(mesh: Workspace, ...args: string[]): Promise<Outcome> {
  const outcome = await mesh.exec('shipyard', args);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  return outcome;
}

/** What web and payments say to someone who asks at the port that leads to web. */
async function bodies(mesh: Workspace, ingress = 'web'): Promise<string[]> {
  const { ingresses } = await mesh.status();
  const url = ingresses.find(({ id }) => id.endsWith(`.${ingress}`))!.url.replace('localhost', '127.0.0.1');
  const response = await fetch(url, { headers: { connection: 'close' } });
  // Calls are a list before v0.18.
  const { body = '', upstream_calls: calls = {} } = (await response.json()) as FakeServiceReply;
  return [body, ...Object.values(calls).map((call) => call.body ?? call.error ?? '')];
}

async function services(mesh: Workspace): Promise<string[]> {
  return (await mesh.status()).services.map(({ name, protocol, instances }) => `${name} ${protocol} ${instances.length}`).toSorted();
}

describe('web and payments, static and meshed, as they were written for', () => {
  it.each(['0.1', '0.3', '0.4'])('Shipyard %s', async (dialect) => {
    await using mesh = written(dialect);
    await shipyard(mesh, 'run', `${FOLDER}/v1`, '--http-port', '0', '--ports', 'auto');
    expect(await bodies(mesh)).toEqual([`web of ${dialect}`, `payments of ${dialect}`]);
    await shipyard(mesh, 'run', `${FOLDER}/v2`, '--replace', 'v1', '--ports', 'auto');
    expect(await bodies(mesh)).toEqual([`web of ${dialect}, meshed`, `payments of ${dialect}, meshed`]);
    expect(await services(mesh)).toEqual(['payments http 1', 'web http 1']);
    await shipyard(mesh, 'destroy');
  });
});

describe('blueprints like the published ones', () => {
  it.each([
    ['consul-docker', 'api, second version', ['api http 2', 'web http 1']],
    ['consul-k8s-crds', 'api, version 2', ['api http 2', 'web http 1']],
  ])('%s', async (name, answer, known) => {
    await using mesh = written('published');
    await shipyard(mesh, 'run', `${FOLDER}/${name}`, '--http-port', '0', '--ports', 'auto');
    expect(await bodies(mesh)).toEqual(['web, published', answer]);
    expect(await services(mesh)).toEqual(known);
    await shipyard(mesh, 'destroy');
  });
});
