import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseHome } from '../../../src/app/cli/agent-home.ts';
import { runConsul } from '../../../src/app/consul/top.ts';
import { read } from '../../agent-config/read.ts';
import { testIo } from '../../commands/io.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

/** What Consul 1.8.7 says of them; nothing is started. */
describe('an agent that does not start', () => {
  it.each([
    [[], '==> data_dir cannot be empty\n'],
    [['-dev', 'extra', 'more'], '==> Unexpected extra arguments: [extra more]\n'],
    [['-dev', '-config-format', 'foo'], "==> config: -config-format must be either 'hcl' or 'json'\n"],
    [['-config-file', 'nosuch.hcl'], '==> config: Open failed on nosuch.hcl. open nosuch.hcl: no such file or directory\n'],
    [
      ['-dev', '-hcl', 'ui = true', '-hcl', 'foo = 1'],
      '==> failed to parse flags-1.hcl: 1 error occurred:\n\t* invalid config key foo\n\n\n',
    ],
    [['-dev', '-dns-port', 'x'], 'invalid value "x" for flag -dns-port: strconv.Atoi: parsing "x": invalid syntax\n'],
    [
      ['-dev', '-node-meta', 'consul-a:b'],
      "==> node_meta invalid: Couldn't load metadata pair ('consul-a', 'b'): Key prefix 'consul-' is reserved for internal use\n",
    ],
    [['-dev', '-log-level=bogus'], '==> Invalid log level: bogus. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]\n'],
  ])('%j', async (argv, err) => {
    const io = testIo({ cwd: temporaryFolder() });
    expect(await runConsul(['agent', ...argv], io, 'consul')).toBe(1);
    expect(io.written).toEqual({ out: '', err });
  });

  it('says on a terminal where it stands, and what was meant', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'server.hcl'), 'server = true\ndatacentre = "dc1"\n');
    const io = testIo({ cwd, diagnostics: true });
    expect(await runConsul(['agent', '-dev', '-config-dir', '.'], io)).toBe(1);
    expect(io.written.err).toBe(
      '==> failed to parse server.hcl: 1 error occurred:\n\t* invalid config key datacentre\n\n\n' +
        'server.hcl:2:1: error: invalid config key datacentre\n  2 | datacentre = "dc1"\n    | ^^^^^^^^^^\n  hint: did you mean "datacenter"?\n',
    );
  });
});

describe('the home of an agent', () => {
  const io = testIo({ env: { MESH_HOME: '/homes/mine' }, cwd: '/work' });
  const bare = testIo({ env: { HOME: '/homes/me' }, cwd: '/work' });

  it('is in its data_dir, or that of the user', async () => {
    const { settings } = read('data_dir = "data"');
    expect(await chooseHome(settings, io, 'consul')).toMatchObject({ home: { root: '/work/data/mesh' }, temporary: false });
    expect(await chooseHome(read().settings, io, 'consul')).toMatchObject({ home: { root: '/homes/mine' }, temporary: false });
    expect(await chooseHome(read().settings, bare, 'mesh')).toMatchObject({
      home: { root: '/homes/me/.local/state/mesh' },
      temporary: false,
    });
  });

  it('is a folder of its own for each consul agent -dev', async () => {
    const both = await Promise.all([1, 2].map(() => chooseHome(read().settings, bare, 'consul')));
    expect(both).toMatchObject([{ temporary: true }, { temporary: true }]);
    expect(both[0]!.home.root).not.toBe(both[1]!.home.root);
  });
});
