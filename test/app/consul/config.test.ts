import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configCommand } from '../../../src/app/consul/config.ts';
import { openShell, type Shell } from './run.ts';

let shell: Shell;
const WEB = 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"\n';
beforeAll(async () => {
  shell = await openShell(configCommand);
  await shell.file('web.hcl', WEB);
  await shell.file('web.json', '{"Kind":"service-defaults","Name":"web","Protocol":"http"}');
});
afterAll(() => shell[Symbol.asyncDispose]());
beforeEach(() => shell.run('delete -kind service-defaults -name web'));

const ok = (out: string) => ({ code: 0, out, err: '' });
const fails = (err: string, code = 1) => ({ code, out: '', err: `${err}\n` });
const WRITTEN = ok('Config entry written: service-defaults/web\n');

describe('write', () => {
  it('takes HCL, JSON and standard input', async () => {
    expect(await shell.run('write web.hcl')).toEqual(WRITTEN);
    expect(await shell.run('write web.json')).toEqual(WRITTEN);
    expect(await shell.run('write -', { stdin: () => Promise.resolve(WEB) })).toEqual(WRITTEN);
  });

  it.each([
    ['', 'Must provide exactly one positional argument to specify the config entry to write'],
    ['a b', 'Must provide exactly one positional argument to specify the config entry to write'],
    ['nosuch.hcl', 'Failed to load data: Failed to read file: open nosuch.hcl: no such file or directory'],
  ])('%s', async (words, err) => {
    expect(await shell.run(`write ${words}`)).toEqual(fails(err));
  });

  const twice = 'Failed to decode config entry input: Failed to decode config entry input: ';
  const once = 'Failed to decode config entry input: ';
  const refused = 'Error writing config entry ';
  it.each([
    ['Kind = "service-defaults', `${twice}At 1:25: literal not terminated`],
    ['Kind = "x"\nSubsets = [\n  1\n', `${twice}At 4:1: error parsing list, expected comma or list end, got: EOF`],
    ['{"Kind": "x",}', `${twice}invalid character '}' looking for beginning of object key string`],
    ['', `${once}Payload does not contain a kind/Kind key at the top level`],
    ['Name = "web"', `${once}Payload does not contain a kind/Kind key at the top level`],
    ['Kind = 5', `${once}Kind value in payload is not a string`],
    ['Kind = "service-defults"\nName = "web"', `${once}invalid config entry kind: service-defults`],
    [`${WEB}Protocl = "http"`, `${once}1 error occurred:\n\t* invalid config key "Protocl"\n\n`],
    [
      `${WEB}Expose { Checks = "maybe" }`,
      `${once}1 error(s) decoding:\n\n* cannot parse 'Expose.Checks' as bool: strconv.ParseBool: parsing "maybe": invalid syntax`,
    ],
    ['Kind = "service-defaults"', `${refused}service-defaults/: Unexpected response code: 500 (Name is required)`],
    [
      'Kind = "proxy-defaults"\nName = "other"',
      `${refused}proxy-defaults/other: Unexpected response code: 500 (invalid name ("other"), only "global" is supported)`,
    ],
  ])('%j', async (text, err) => {
    expect(await shell.run('write -', { stdin: () => Promise.resolve(text) })).toEqual(fails(err));
  });

  it('checks and sets', async () => {
    await shell.run('write web.hcl');
    const lost = fails('Config entry not updated: service-defaults/web');
    expect(await shell.run('write -cas -modify-index 0 web.hcl')).toEqual(lost);
    expect(await shell.run('write -cas -modify-index 1 web.hcl')).toEqual(lost);
    expect(await shell.run('write -cas web.hcl')).toEqual(lost);
    const { ModifyIndex } = JSON.parse((await shell.run('read -kind service-defaults -name web')).out) as { ModifyIndex: number };
    expect(await shell.run(`write -cas -modify-index ${ModifyIndex} web.hcl`)).toEqual(WRITTEN);
  });

  it('warns of what Consul warns of, below its line', async () => {
    const stdin = () => Promise.resolve('kind = "terminating-gateway"\nname = "out"\nservices = [{ name = "b" ca_file = "/x" }]');
    const text = 'TLS is configured but SNI is not set for service "b". Enabling SNI is strongly recommended when using TLS.';
    const written = { code: 0, out: 'Config entry written: terminating-gateway/out\n', err: `WARNING: ${text}\n` };
    expect(await shell.run('write -', { stdin })).toEqual(written);
  });

  it('sends a kind that only a real Consul knows, and passes on what the agent says', async () => {
    const stdin = () => Promise.resolve('kind = "control-plane-request-limit"\nname = "web"');
    const ran = await shell.run('write -', { stdin });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^Error writing config entry control-plane-request-limit\/web: Unexpected response code: 400 \(/);
  });

  it('finds the file of a shipped blueprint in any folder, and says so', async () => {
    await shell.file('../shipped/v2/consul_service/payments_defaults.hcl', 'Kind = "service-defaults"\nName = "payments"');
    const ran = await shell.run('write v2/consul_service/payments_defaults.hcl');
    expect([ran.code, ran.out]).toEqual([0, 'Config entry written: service-defaults/payments\n']);
    expect(ran.err).toBe('v2/consul_service/payments_defaults.hcl is not in this folder: taking the one of the shipped blueprint v2\n');
    expect((await shell.run('write ../v2/consul_service/payments_defaults.hcl')).code).toBe(1);
  });

  it('waits for the sidecars after a write to the own agent, and only then', async () => {
    const before = shell.waited.length;
    await shell.run('write web.hcl');
    expect(shell.waited.slice(before)).toEqual([shell.api.address]);
    await shell.run('write -cas -modify-index 1 web.hcl');
    await shell.run('write web.hcl', { agentHttpAddress: () => '127.0.0.1:1' });
    expect(shell.waited).toHaveLength(before + 1);
  });
});

describe('write, with our own words below', () => {
  it('shows where it is, and what was meant', async () => {
    await shell.file('typo.hcl', `${WEB}Protocl = "http"\n`);
    const { err } = await shell.run('write typo.hcl', { diagnostics: true });
    expect(err.startsWith('Failed to decode config entry input: 1 error occurred:\n\t* invalid config key "Protocl"\n\n')).toBe(true);
    expect(err).toContain('typo.hcl:4:1: error: invalid config key "Protocl"');
    expect(err).toContain('^^^^^^^');
    expect(err).toContain('did you mean "Protocol"?');
  });

  it('says what the agent knows of other entries', async () => {
    await shell.file('copied.hcl', `${WEB}Meta { "mesh.mirror/service" = "nobody" }\n`);
    const { code, err } = await shell.run('write copied.hcl', { diagnostics: true });
    expect(code).toBe(0);
    expect(err).toContain('warning: no request to web is copied to nobody: it speaks tcp, and web http');
    expect((await shell.run('write copied.hcl')).err).toBe('');
  });

  it('shows the place of what the agent refuses', async () => {
    await shell.file('name.hcl', 'Kind = "proxy-defaults"\nName = "other"\n');
    const { err } = await shell.run('write name.hcl', { diagnostics: true });
    expect(err).toMatch(/^Error writing config entry proxy-defaults\/other: .*\nname\.hcl:2:\d+: error: /);
  });

  it('shows the place of a syntax error, also one that Consul overlooks', async () => {
    await shell.file('open.hcl', 'Kind = "service-defaults\n');
    expect((await shell.run('write open.hcl', { diagnostics: true })).err).toContain('open.hcl:1:8: error: ');
    await shell.file('end.hcl', `${WEB}Mode =`);
    const { code, err } = await shell.run('write end.hcl', { diagnostics: true });
    expect(code).toBe(1);
    expect(err).toContain('end.hcl:4:');
  });

  it('names the file that was meant', async () => {
    expect((await shell.run('write wen.hcl', { diagnostics: true })).err).toContain('did you mean web.hcl?');
  });
});

describe('read', () => {
  it('prints the entry in the order of its struct', async () => {
    await shell.run('write web.hcl');
    const { code, out } = await shell.run('read -kind service-defaults -name web extra');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\{\n {4}"Kind": "service-defaults",\n {4}"Name": "web",\n {4}"Protocol": "http",\n[\s\S]*\n {4}"CreateIndex": \d+,\n {4}"ModifyIndex": \d+\n\}\n$/,
    );
  });

  it.each([
    ['', 'Must specify the -kind parameter'],
    ['-name web', 'Must specify the -kind parameter'],
    ['-kind service-defaults', 'Must specify the -name parameter'],
    [
      '-kind service-defaults -name nope',
      'Error reading config entry service-defaults/nope: Unexpected response code: 404 (Config entry not found for "service-defaults" / "nope")',
    ],
    ['-kind bogus -name web', 'Error reading config entry bogus/web: invalid config entry kind: bogus'],
  ])('read %s', async (words, err) => {
    expect(await shell.run(`read ${words}`)).toEqual(fails(err));
  });
});

describe('list', () => {
  it('prints names, one a line, nothing when there are none', async () => {
    await shell.file('api.hcl', 'Kind = "service-defaults"\nName = "api"');
    await shell.run('write web.hcl');
    await shell.run('write api.hcl');
    await shell.run('delete -kind service-defaults -name payments');
    expect(await shell.run('list -kind service-defaults')).toEqual(ok('api\nweb\n'));
    expect(await shell.run('list -kind service-router')).toEqual(ok(''));
  });

  it.each([
    ['', 'Must specify the -kind parameter'],
    ['-kind bogus', 'Error listing config entries for kind "bogus": Unexpected response code: 500 (invalid config entry kind: bogus)'],
  ])('list %s', async (words, err) => {
    expect(await shell.run(`list ${words}`)).toEqual(fails(err));
  });
});

describe('delete', () => {
  it('deletes what is there and what is not', async () => {
    await shell.run('write web.hcl');
    const deleted = ok('Config entry deleted: service-defaults/web\n');
    expect(await shell.run('delete -kind service-defaults -name web')).toEqual(deleted);
    expect(await shell.run('delete -kind service-defaults -name web')).toEqual(deleted);
  });

  it('checks the index when asked', async () => {
    await shell.run('write web.hcl');
    expect(await shell.run('delete -cas -modify-index 1 -kind service-defaults -name web')).toEqual(
      fails('Config entry not deleted: service-defaults/web'),
    );
  });

  it.each([
    ['', 'Must specify the -kind parameter'],
    ['-kind service-defaults', 'Must specify the -name parameter'],
    ['-kind bogus -name nope', 'Error deleting config entry bogus/nope: Unexpected response code: 400 (invalid config entry kind: bogus)'],
  ])('delete %s', async (words, err) => {
    expect(await shell.run(`delete ${words}`)).toEqual(fails(err));
  });
});

describe('an agent that is not there', () => {
  const env = { CONSUL_HTTP_ADDR: '127.0.0.1:1' };
  const refused = 'dial tcp 127.0.0.1:1: connect: connection refused';
  it.each([
    ['write web.hcl', `Error writing config entry service-defaults/web: Put "http://127.0.0.1:1/v1/config": ${refused}`],
    [
      'read -kind service-defaults -name web',
      `Error reading config entry service-defaults/web: Get "http://127.0.0.1:1/v1/config/service-defaults/web": ${refused}`,
    ],
    [
      'list -kind service-defaults',
      `Error listing config entries for kind "service-defaults": Get "http://127.0.0.1:1/v1/config/service-defaults": ${refused}`,
    ],
    [
      'delete -kind service-defaults -name web',
      `Error deleting config entry service-defaults/web: Delete "http://127.0.0.1:1/v1/config/service-defaults/web": ${refused}`,
    ],
  ])('%s', async (words, err) => {
    expect(await shell.run(words, { env })).toEqual(fails(err));
  });

  it('has no address of that scheme', async () => {
    const ran = await shell.run('list -kind service-defaults', { env: { CONSUL_HTTP_ADDR: 'badscheme://x' } });
    expect(ran).toEqual(fails('Error connect to Consul agent: Unknown protocol scheme: badscheme'));
  });
});

describe('usage', () => {
  it('is help on standard error without a subcommand, and on standard output when asked for', async () => {
    const bare = await shell.run('');
    expect([bare.code, bare.out]).toEqual([1, '']);
    expect(bare.err).toMatch(/^Usage: mesh config <subcommand> \[options\] \[args\]\n[\s\S]*\nSubcommands:\n {4}apply {7}/);
    const mistyped = await shell.run('wrtie a.hcl', { diagnostics: true });
    expect([mistyped.code, mistyped.err.endsWith('\nhint: did you mean `mesh config write`?\n')]).toEqual([1, true]);
    expect((await shell.run('wrtie a.hcl')).err).not.toContain('hint');
    expect(await shell.run('bogus')).toEqual(bare);
    expect(await shell.run('-h')).toEqual({ code: 0, out: bare.err, err: '' });
    const help = await shell.run('write --help');
    expect([help.code, help.err]).toEqual([0, '']);
    expect(help.out).toContain('Usage: mesh config write [options] <file>|-');
    expect(help.out).toContain('$ mesh config write - < payments_defaults.hcl');
    expect(help.out).toContain('-modify-index=<uint>');
  });

  it('is a listing of the flags after a wrong one', async () => {
    const wrong = await shell.run('write -nosuchflag web.hcl');
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    expect(wrong.err).toMatch(/^flag provided but not defined: -nosuchflag\nUsage:\n {2}-ca-file value\n {4}\t/);
    const value = await shell.run('write -modify-index=abc web.hcl');
    expect(value.err).toMatch(/^invalid value "abc" for flag -modify-index: parse error\nUsage:\n/);
  });
});
