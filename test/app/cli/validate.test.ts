import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../src/app/cli/validate.ts';
import { MeshError } from '../../../src/base/errors.ts';
import type { Input } from '../../../src/commands/command.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';
import { openRpc } from '../rpc/open.ts';

const NETWORK = 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n';
const CONTAINER = `container "web" {
  image {
    name = "nicholasjackson/fake-service:\${var.tag}"
  }
  network {
    name = "network.local"
  }
}
variable "tag" {
  default = "v0.24.2"
}
`;
const GOOD = { 'network.hcl': NETWORK, 'web.hcl': CONTAINER };

interface Said {
  code: number | undefined;
  error: unknown;
  out: string;
  err: string;
}

async function call(files: Record<string, string>, input: Partial<Input> = {}, env: Record<string, string> = {}): Promise<Said> {
  const cwd = workspace(files);
  const io = testIo({ cwd, env: { MESH_HOME: join(cwd, '.home'), ...env } });
  try {
    const code = await validate({ args: [], options: {}, ...input }, io);
    return { code, error: undefined, ...io.written };
  } catch (error) {
    return { code: undefined, error, ...io.written };
  }
}

describe('mesh validate', () => {
  it('says what it has read', async () => {
    expect(await call(GOOD)).toEqual({ code: 0, error: undefined, out: '. is valid: 2 resources, 2 files read\n', err: '' });
    expect((await call({ 'shop.hcl': NETWORK }, { args: ['shop.hcl'] })).out).toBe('./shop.hcl is valid: 1 resource, 1 file read\n');
  });

  it('shows all errors of all files, and fails as invalid', async () => {
    const said = await call({
      'a.hcl': NETWORK.replace('subnet', 'subnt'),
      'b.hcl': 'container "web" {\n  image {\n    nam = "x"\n  }\n}\n',
    });
    expect(said.error).toMatchObject({ code: 'invalid', message: '. is not valid: 2 errors' });
    expect(said.err).toContain('a.hcl:2:3: error: unknown attribute "subnt" in network "local"\n  2 |   subnt = "10.5.0.0/16"\n');
    expect(said.err).toContain('b.hcl:3:5: error: ');
    expect(said.out).toBe('');
  });

  it('takes values of variables as `run` does', async () => {
    const files = { 'a.hcl': 'variable "subnet" {\n}\nnetwork "local" {\n  subnet = var.subnet\n}\n', 'v.txt': 'subnet = "10.6.0.0/16"\n' };
    expect((await call(files)).error).toBeInstanceOf(MeshError);
    expect((await call(files, { options: { var: ['subnet=10.5.0.0/16'] } })).code).toBe(0);
    expect((await call(files, { options: { varsFile: ['v.txt'] } })).code).toBe(0);
    expect((await call(files, {}, { SY_VAR_subnet: '10.5.0.0/16' })).code).toBe(0);
    expect((await call(files, { options: { var: ['subnet=10.5'] } })).err).toContain('a.hcl:4:12: error: ');
  });

  it('misses what another blueprint has to bring, until that runs', async () => {
    const files = { 'web.hcl': CONTAINER };
    const said = await call({ 'shop/web.hcl': CONTAINER, 'base/network.hcl': NETWORK }, { args: ['shop'] });
    expect(said.err).toContain('network.local is neither defined in this blueprint nor running');
    expect(said.err).toContain('another blueprint defines it: mesh run base');
    const network = {
      key: 'network.local',
      type: 'network',
      spec: { subnet: '10.5.0.0/16' },
      owners: [{ id: '/b', name: 'b' }],
      addresses: [],
    };
    await using server = await openRpc({ applied: () => Promise.resolve({ blueprints: [], resources: [network] }) });
    const home = workspace({});
    mkdirSync(join(home, 'state'));
    symlinkSync(dirname(server.path), join(home, 'run'));
    expect(await call(files, {}, { MESH_HOME: home })).toMatchObject({ code: 0, out: '. is valid: 1 resource, 1 file read\n' });
  });

  it('prints all of it as JSON, valid or not', async () => {
    const good = await call(GOOD, { options: { json: true } });
    expect(JSON.parse(good.out)).toMatchObject({ valid: true, resources: 2, files: 2, errors: 0, warnings: 0, diagnostics: [] });
    const bad = await call({ 'a.hcl': 'network "local" {\n' }, { options: { json: true } });
    expect(bad).toMatchObject({ code: 3, error: undefined, err: '' });
    const report = JSON.parse(bad.out) as { diagnostics: unknown[] };
    expect(report).toMatchObject({ valid: false, files: 1, errors: report.diagnostics.length, warnings: 0 });
    expect(report.diagnostics[0]).toMatchObject({ severity: 'error', file: 'a.hcl', line: 1, column: 17 });
  });

  it('shows warnings in full, and counts them', async () => {
    const files = { 'a.hcl': NETWORK, 'README.md': '---\ntitel: Shop\n---\n# Shop\n' };
    const said = await call(files);
    expect(said.out).toMatch(/^\. is valid: 1 resource, 2 files read, 1 warning\n$/);
    expect(said.err).toMatch(/README\.md:2:1: warning: .*\n {2}2 \| titel: Shop\n/);
  });

  it('fails where there is no blueprint', async () => {
    expect((await call({})).error).toMatchObject({ code: 'invalid', message: 'there is no blueprint in this folder' });
    expect((await call(GOOD, { args: ['sohp'] })).error).toMatchObject({ code: 'invalid' });
  });
});
