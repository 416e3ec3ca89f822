import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/app/cli/plan.ts';
import { validate } from '../../../src/app/cli/validate.ts';
import type { Input } from '../../../src/commands/command.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';

const NETWORK = 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n';
const CONTAINER = `container "web" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
}
`;
const buildsOn = (...names: string[]) => `---\nbuilds_on: [${names.join(', ')}]\n---\n# Above\n`;

const GOOD = { 'ground/main.hcl': NETWORK, 'shop/main.hcl': CONTAINER, 'shop/README.md': buildsOn('ground') };

async function call(
  command: typeof validate,
  blueprint: string,
  files: Record<string, string>,
  options: Input['options'] = {},
): Promise<{ code: number | undefined; error?: unknown; out: string; err: string }> {
  const cwd = workspace(files);
  const io = testIo({ cwd, env: { MESH_HOME: join(cwd, '.home') } });
  try {
    return { code: await command({ args: [blueprint], options }, io), ...io.written };
  } catch (error) {
    return { code: undefined, error, ...io.written };
  }
}

describe('a blueprint that builds on another that does not run', () => {
  it('is checked as if it did: a folder beside it, wherever the command was typed', async () => {
    expect(await call(validate, 'shop', GOOD)).toMatchObject({ code: 0, out: './shop is valid: 1 resource, 3 files read\n' });
    const deeper = Object.fromEntries(Object.entries(GOOD).map(([path, text]) => [`town/${path}`, text]));
    expect(await call(validate, 'town/shop', deeper)).toMatchObject({ code: 0 });
  });

  it('may build on a shipped one, and on one that builds on others', async () => {
    const files = { 'top/main.hcl': CONTAINER.replace('web', 'api'), 'top/README.md': buildsOn('v3') };
    expect(await call(validate, 'top', files)).toMatchObject({ code: 0 });
    const { out } = await call(plan, 'top', files, { ports: 'auto', json: true });
    const { first, summary } = JSON.parse(out) as {
      first: { blueprint: { name: string }; summary: { create: number } }[];
      summary: unknown;
    };
    expect(first.map((one) => [one.blueprint.name, one.summary.create])).toEqual([
      ['v2', 6],
      ['v3', 4],
    ]);
    expect(summary).toMatchObject({ create: 1 });
  });

  it('is planned after it, and says so', async () => {
    const { code, out } = await call(plan, 'shop', GOOD, { ports: 'auto', detailedExitcode: true });
    expect(code).toBe(10);
    expect(out).toBe(`shop builds on ground, which does not run: it comes first
  + network.local  ground/main.hcl:1

Plan for ground: 1 to create

  + container.web  shop/main.hcl:1

Plan for shop: 1 to create
`);
  });

  it('is as wrong as that is', async () => {
    const wrong = { ...GOOD, 'ground/main.hcl': NETWORK.replace('subnet', 'subnt') };
    const said = await call(validate, 'shop', wrong);
    expect(said.error).toMatchObject({ code: 'invalid', message: './shop is not valid: 1 error' });
    expect(said.err).toContain('ground/main.hcl:2:3: error: unknown attribute "subnt"');
  });

  it.each([
    [
      'is not there',
      { ...GOOD, 'shop/README.md': buildsOn('grund') },
      'shop builds on grund: there is no blueprint "grund"',
      'did you mean "ground"?',
    ],
    [
      'builds on it',
      { ...GOOD, 'ground/README.md': buildsOn('shop') },
      'blueprints build on each other in a circle: shop -> ground -> shop',
      undefined,
    ],
    [
      'gives values only when it runs',
      {
        ...GOOD,
        'ground/number.hcl':
          'resource "exec" "number" {\n  script = "echo one=1 >> $EXEC_OUTPUT"\n}\noutput "one" {\n  value = resource.exec.number.output.one\n}\n',
      },
      'shop can be read only when ground runs, since values of that are known only then',
      'mesh run ground',
    ],
  ])('is refused when that %s', async (_what, files, message, hint) => {
    for (const command of [validate, plan]) {
      const { error } = await call(command, 'shop', files, { ports: 'auto' });
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(message), hint });
    }
  });
});
