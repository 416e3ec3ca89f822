import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctor, renderSections } from '../../../src/app/cli/doctor.ts';
import { checkBlueprintPorts } from '../../../src/app/doctor/blueprint-ports.ts';
import { checkAgent, checkDataplane, checkHome } from '../../../src/app/doctor/home.ts';
import { checkBrowser, checkGit, checkLimits, checkNode } from '../../../src/app/doctor/machine.ts';
import { checkAbstractSockets, checkApiPort, checkHostPorts, checkLoopback } from '../../../src/app/doctor/network.ts';
import { homeOf } from '../../../src/app/home.ts';
import { VERSION } from '../../../src/app/version.ts';
import { styleOf } from '../../../src/ui/style.ts';
import { testIo } from '../../commands/io.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';
import { freePorts } from '../../free-ports.ts';
import { healthy, troubled } from '../cli/report.ts';

/** A program of that name, which does what the script says, on a PATH of its own. */
function program(name: string, script: string): { PATH: string } {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: folder };
}

describe('Node.js', () => {
  it.each([
    ['20.15.0', 'ok'],
    ['20.14.9', 'fail'],
    ['18.20.0', 'fail'],
    ['22.0.0', 'ok'],
    ['100.1.0', 'ok'],
  ])('%s: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });
});

describe('git', () => {
  it('is there, or is not needed by most', async () => {
    expect(await checkGit({ env: program('git', 'echo git version 2.40.0') })).toEqual({ name: 'git', state: 'ok', found: '2.40.0' });
    expect(await checkGit({ env: { PATH: '/nonexistent' } })).toMatchObject({ state: 'warn', found: 'not found' });
    expect(await checkGit({ env: program('git', 'exit 1') })).toMatchObject({ state: 'warn' });
  });
});

describe('a browser', () => {
  it('is what opens pages here', async () => {
    const env = program('xdg-open', '');
    expect(await checkBrowser({ env, platform: 'linux' })).toMatchObject({ state: 'ok', found: 'xdg-open' });
    expect(await checkBrowser({ env, platform: 'darwin' })).toMatchObject({ state: 'warn', found: 'open was not found' });
    expect(await checkBrowser({ env: { ...env, BROWSER: join(env.PATH, 'xdg-open') }, platform: 'darwin' })).toMatchObject({ state: 'ok' });
  });
});

describe('limits', () => {
  it('are enough, or are warned of', async () => {
    const states = async (env: Record<string, string>) => (await checkLimits({ env })).map(({ name, state }) => `${name}: ${state}`);
    expect((await states({ PATH: '/bin:/usr/bin' })).map((text) => text.split(':')[0])).toEqual(['open files', 'processes']);
  });
});

describe('the home', () => {
  it('is a folder that can be written to, now or once it is made', async () => {
    const folder = temporaryFolder();
    const at = (path: string) => checkHome(homeOf({ MESH_HOME: join(folder, path) }, '/'));
    expect(await at('.')).toMatchObject({ state: 'ok' });
    expect(await at('new/deep/home')).toMatchObject({ state: 'ok', found: expect.stringContaining('does not exist yet') });
    writeFileSync(join(folder, 'file'), '');
    expect(await at('file/home')).toMatchObject({ state: 'fail', found: `${folder}/file is not a folder` });
    mkdirSync(join(folder, 'closed'));
    chmodSync(join(folder, 'closed'), 0o500);
    if (process.getuid?.() !== 0)
      expect(await at('closed/home')).toMatchObject({ state: 'fail', found: `${folder}/closed is not writable` });
  });
});

describe('the agent', () => {
  it('is of this version, with its data plane', () => {
    const { agent } = healthy;
    const of = (more: object) => checkAgent({ ...healthy, agent: { ...agent, version: VERSION, ...more } });
    expect(checkAgent(undefined)).toMatchObject({ state: 'ok', found: 'none is running' });
    expect(of({})).toMatchObject({ state: 'ok' });
    expect(of({ version: '0.0.1' })).toMatchObject({ state: 'warn', hint: 'mesh agent restart' });
    expect(of({ dataplane: { pid: undefined, connected: false } })).toMatchObject({ state: 'fail', hint: 'mesh logs dataplane' });
  });

  it('has a data plane of its version, or one from before an upgrade', () => {
    const of = (dataplane: object) => checkDataplane({ ...healthy, agent: { ...healthy.agent, dataplane: dataplane as never } });
    expect(of({ pid: 4701, connected: true, version: '1.2.3' })).toEqual([
      { name: 'data plane', state: 'ok', found: 'pid 4701, version 1.2.3' },
    ]);
    expect(of({ pid: 4701, pids: [4701, 4702], connected: true, version: '1.2.2' })).toMatchObject([
      {
        state: 'warn',
        found: expect.stringMatching(/^pid 4701, 4702 is version 1\.2\.2, the agent is 1\.2\.3/),
        hint: expect.stringMatching(/^kill 4701 4702:/),
      },
    ]);
    expect(of({ pid: undefined, connected: false })).toEqual([]);
  });
});

describe('the network', () => {
  it('has addresses and sockets', async () => {
    expect((await checkLoopback({ platform: process.platform })).state).not.toBe('fail');
    if (process.platform === 'linux') {
      expect(await checkAbstractSockets({ pid: process.pid })).toMatchObject({ state: 'ok' });
      const holder = createServer().listen('\0mesh/check/taken');
      onTestFinished(() => void holder.close());
      expect(await checkAbstractSockets({ pid: 'taken' as never })).toMatchObject({ state: 'fail', found: 'not available (EADDRINUSE)' });
    }
  });

  it('has the ports of what runs', async () => {
    expect(await checkApiPort(healthy)).toMatchObject({ state: 'ok', found: 'http://127.0.0.1:8500, of the agent that runs here' });
    expect(checkHostPorts(healthy)).toMatchObject({ state: 'ok', found: 'http://localhost:9090' });
    expect(checkHostPorts(troubled)).toMatchObject({ state: 'fail', found: 'http://localhost:9090 of ingress.web: EADDRINUSE' });
  });
});

describe('the blueprint of a folder', () => {
  it('has ports that are free, or held by somebody', async () => {
    const [free, held] = await freePorts(2);
    const holder = createServer().listen(held, '127.0.0.1');
    onTestFinished(() => void holder.close());
    const cwd = temporaryFolder();
    const home = homeOf({ MESH_HOME: join(cwd, 'home') }, '/');
    const io = testIo({ cwd, platform: process.platform });
    const write = (port: number | undefined) =>
      writeFileSync(
        join(cwd, 'web.hcl'),
        `container "web" {\n  image { name = "nicholasjackson/fake-service:v0.24.2" }\n  port {\n    local = 9090\n    remote = 9090\n    host = ${port}\n  }\n}\n`,
      );
    expect(await checkBlueprintPorts(home, undefined, io)).toBeUndefined();
    write(free);
    expect(await checkBlueprintPorts(home, undefined, io)).toEqual([{ name: 'blueprint ports', state: 'ok', found: `free: ${free}` }]);
    write(held);
    expect(await checkBlueprintPorts(home, undefined, io)).toMatchObject([
      { state: 'warn', found: expect.stringMatching(`^port ${held}, which container\\.web of this folder opens, is held by `) },
    ]);
    const [ingress] = healthy.ingresses;
    const status = { ...healthy, ingresses: [{ ...ingress!, url: `http://localhost:${held}` }] };
    expect(await checkBlueprintPorts(home, status, io)).toEqual([]);
    writeFileSync(join(cwd, 'web.hcl'), 'Kind = "service-defaults"\n');
    expect(await checkBlueprintPorts(home, undefined, io)).toBeUndefined();
  });
});

describe('mesh doctor', () => {
  it('is 0 with warnings, and 1 when something fails', async () => {
    const env = { MESH_HOME: join(temporaryFolder(), 'home'), PATH: '/nonexistent' };
    const io = testIo({ env, platform: process.platform });
    expect(await doctor({ args: [], options: { json: true } }, io)).toBe(0);
    const { ok, findings } = JSON.parse(io.written.out) as { ok: boolean; findings: { name: string; state: string }[] };
    expect(ok).toBe(true);
    expect(findings.filter(({ state }) => state === 'warn').map(({ name }) => name)).toEqual(expect.arrayContaining(['git', 'browser']));
    const old = testIo({ env, platform: process.platform, nodeVersion: '18.0.0' });
    expect(await doctor({ args: [], options: {} }, old)).toBe(1);
    expect(old.written.out).toMatch(
      /^This machine\nFAIL {2}Node\.js +18\.0\.0, which is older than 20\.15\n +install Node\.js 20\.15 or newer\n/,
    );
  });

  it('looks at another agent alone if it is told to, and says what it can not ask', async () => {
    const [port] = await freePorts(1);
    const io = testIo({ env: { PATH: '/nonexistent' } });
    expect(await doctor({ args: [], options: { httpAddr: `127.0.0.1:${port}` } }, io)).toBe(1);
    expect(io.written.out).toMatch(/^Mesh of 127\.0\.0\.1:\d+ \(this machine is left out\)\nFAIL {2}HTTP API .* connection refused\n/);
    const wrong = doctor({ args: [], options: { httpAddr: 'ftp://example.com' } }, testIo());
    await expect(wrong).rejects.toMatchObject({ code: 'usage', message: "ftp://example.com can't be asked: Unknown protocol scheme: ftp" });
  });

  it('says what to do below what was found', async () => {
    const text = renderSections(
      [
        { title: 'One', findings: [{ name: 'a', state: 'ok', found: 'fine' }] },
        { title: 'Two', findings: [{ name: 'long', state: 'warn', found: 'hm', hint: 'do this' }] },
      ],
      await styleOf(false),
    );
    expect(text).toBe('One\nOK    a     fine\n\nTwo\nWARN  long  hm\n            do this\n\n0 failed, 1 to look at, 1 ok.\n');
  });
});
