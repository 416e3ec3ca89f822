import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

/** Writes a blueprint folder into the workspace. */
function blueprint(mesh: Workspace, name: string, files: Record<string, string>): void {
  mkdirSync(join(mesh.cwd, name), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(mesh.cwd, name, file), text);
}

const service = (name: string, more = '') => `container "${name}" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  env_var = { NAME = "${name}" }
  ${more}
}
`;

const FREE = ['--http-port', '0', '--ports', 'auto'];

async function listenSomewhere(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { port: (server.address() as { port: number }).port, close: () => new Promise((done) => server.close(() => done())) };
}

describe('bad input changes nothing', () => {
  it('a blueprint that is not there: the nearest name, exit 3, no home', async () => {
    await using mesh = new Workspace();
    const outcome = await mesh.mesh('run', 'v22');
    expect(outcome).toMatchObject({ code: 3, stderr: expect.stringContaining('did you mean "v2"?') });
    expect(existsSync(mesh.home)).toBe(false);
  });

  it('all errors of all files, with their places; no home, no process', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'bad', { 'a.hcl': 'contaner "x" {\n}\n', 'b.hcl': 'network "n" {\n  subnett = "10.5.0.0/16"\n}\n' });
    const outcome = await mesh.mesh('run', './bad');
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('bad/a.hcl:1:1: error: unknown resource type "contaner"');
    expect(outcome.stderr).toContain('did you mean "container"?');
    expect(outcome.stderr).toContain('bad/b.hcl:2:3: error: unknown attribute "subnett"');
    expect(outcome.stderr).toContain('nothing was changed');
    expect(existsSync(mesh.home)).toBe(false);
    expect(
      await eventually(
        () => mesh.processes(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    const json = await mesh.mesh('run', './bad', '--json');
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: {
        code: 'invalid',
        diagnostics: [
          { file: 'bad/a.hcl', line: 1 },
          { file: 'bad/b.hcl', line: 2 },
        ],
      },
    });
  });
});

describe('a port that is taken', () => {
  it('by a process: names it, exit 4, and nothing of the blueprint runs', async () => {
    await using mesh = new Workspace();
    const foreign = await listenSomewhere();
    blueprint(mesh, 'one', { 'a.hcl': service('one', `port {\n local = 9090\n host = ${foreign.port}\n }`) });
    const outcome = await mesh.mesh('run', './one', '--http-port', '0');
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(`port ${foreign.port}`);
    expect(outcome.stderr).toContain(`pid ${process.pid}`);
    expect((await mesh.status()).workloads).toEqual([]);
    await foreign.close();
  });

  it('by the HTTP API of another: says what to do', async () => {
    await using mesh = new Workspace();
    const foreign = await listenSomewhere();
    const outcome = await mesh.mesh('run', 'v2', '--http-port', String(foreign.port));
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('--ports auto') });
    expect(
      await eventually(
        () => mesh.processes(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    await foreign.close();
  });

  it('by another blueprint of ours: names it, exit 4', async () => {
    await using mesh = new Workspace();
    const { port, close } = await listenSomewhere();
    await close();
    const ports = `port {\n local = 9090\n host = ${port}\n }`;
    blueprint(mesh, 'one', { 'a.hcl': service('one', ports) });
    blueprint(mesh, 'two', { 'a.hcl': service('two', ports) });
    expect(await mesh.mesh('run', './one', '--http-port', '0')).toMatchObject({ code: 0 });
    const outcome = await mesh.mesh('run', './two');
    expect(outcome).toMatchObject({ code: 4, stderr: expect.stringContaining('container.one') });
    expect(outcome.stderr).toContain('mesh destroy one');
  });

  it('a resource that another blueprint defines differently: refused, exit 3', async () => {
    await using mesh = new Workspace();
    await mesh.run('v1');
    const outcome = await mesh.mesh('run', 'v2', ...FREE);
    expect(outcome).toMatchObject({ code: 3, stderr: expect.stringContaining('mesh destroy v1') });
    expect((await mesh.status()).blueprints.map((one) => one.name)).toEqual(['v1']);
  });
});

describe('a workload that does not work', () => {
  it('exits at once: its last lines, exit 5; fixed, the next run goes on', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', { 'a.hcl': service('good') + service('broken', 'env {\n key = "ERROR_RATE"\n value = "often"\n }') });
    const outcome = await mesh.mesh('run', './one', ...FREE);
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toContain('broken exited with code 1');
    expect(outcome.stderr).toContain('ERROR_RATE');
    const status = await mesh.status();
    expect(status.workloads.find((workload) => workload.name === 'good')).toMatchObject({ phase: 'ready' });
    expect(status.resources.find((resource) => resource.key === 'container.broken')).toMatchObject({ status: 'failed' });
    blueprint(mesh, 'one', { 'a.hcl': service('good') + service('broken') });
    await mesh.run('./one');
    expect((await mesh.status()).workloads.map((workload) => workload.phase)).toEqual(['ready', 'ready']);
  });

  it('never gets ready: says what was waited for, exit 5', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', {
      'a.hcl': service('slow', 'health_check {\n http = "http://localhost:9090/health"\n http_success_codes = [418]\n }'),
    });
    const outcome = await mesh.mesh('run', './one', '--timeout', '500ms', ...FREE);
    expect(outcome).toMatchObject({ code: 5, stderr: expect.stringContaining('still waiting for: slow: ready') });
  });

  it('an upstream that nobody offers: names it', async () => {
    await using mesh = new Workspace();
    expect(await mesh.mesh('blueprints', 'copy', 'v2')).toMatchObject({ code: 0 });
    await mesh.shell(`sed -i 's/payments:9091/paymnets:9091/' v2/k8s_config/web.yml`);
    const outcome = await mesh.mesh('run', 'v2', '--timeout', '700ms', ...FREE);
    expect(outcome).toMatchObject({ code: 5, stderr: expect.stringContaining('upstream paymnets answers over mutual TLS') });
  });
});

describe('an update', () => {
  it('that cuts off what is kept does not count as ready', async () => {
    await using mesh = new Workspace();
    await mesh.mesh('blueprints', 'copy', 'v2');
    await mesh.run('v2');
    await mesh.shell(`sed -i 's#consul_service/payments.hcl#consul_service/gone.hcl#' v2/payments.hcl`);
    const outcome = await mesh.mesh('run', 'v2', '--timeout', '1s');
    expect(outcome).toMatchObject({ code: 5, stderr: expect.stringContaining('web-0: upstream payments answers over mutual TLS') });
    await mesh.shell(`sed -i 's#consul_service/gone.hcl#consul_service/payments.hcl#' v2/payments.hcl`);
    expect(await mesh.mesh('run', 'v2')).toMatchObject({ code: 0 });
  });
});

describe('an agent that the user started', () => {
  it('stays when the last blueprint goes, keeps its entries, and leaves nothing running when it ends', async () => {
    await using mesh = new Workspace();
    const { child, promise } = mesh.start('mesh', ['agent', '--http-port', '0']);
    await eventually(
      () => mesh.mesh('version'),
      () => existsSync(join(mesh.home, 'agent.json')),
    );
    const url = await mesh.run('v2');
    expect(await mesh.mesh('config', 'write', 'v2/consul_service/payments_defaults.hcl')).toMatchObject({ code: 0 });
    expect(await get(url)).toMatchObject({ code: 200 });
    expect(await mesh.mesh('destroy', 'v2')).toMatchObject({ code: 0, stdout: 'v2 is gone\n' });
    expect(await mesh.mesh('config', 'list', '-kind', 'service-defaults')).toMatchObject({ code: 0, stdout: 'payments\n' });
    child.kill('SIGINT');
    expect(await promise).toMatchObject({ code: 130 });
    expect(
      await eventually(
        () => mesh.processes(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    const http = mesh.env['CONSUL_HTTP_ADDR']!;
    const again = mesh.start('mesh', ['agent']);
    const list = await eventually(
      () => mesh.mesh('config', 'list', '-kind', 'service-defaults', '-http-addr', http),
      (seen) => seen.code === 0,
    );
    expect(list).toMatchObject({ stdout: 'payments\n' });
    again.child.kill('SIGTERM');
    expect(await again.promise).toMatchObject({ code: 143 });
  });
});

describe('twice, and at once', () => {
  it('two runs at once in an empty home: one agent, both succeed', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', { 'a.hcl': service('one') });
    blueprint(mesh, 'two', { 'a.hcl': service('two') });
    const outcomes = await Promise.all(['./one', './two', './one'].map((name) => mesh.mesh('run', name, ...FREE)));
    expect(outcomes.map((outcome) => [outcome.code, outcome.code === 0 ? '' : outcome.stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect((await mesh.status()).workloads.map((workload) => workload.name).toSorted()).toEqual(['one', 'two']);
  });

  it('a run while the last blueprint is being destroyed gets an agent of its own', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', { 'a.hcl': service('one') });
    blueprint(mesh, 'two', { 'a.hcl': service('two') });
    await mesh.run('./one');
    const [destroyed, run] = await Promise.all([mesh.mesh('destroy', './one'), mesh.mesh('run', './two', ...FREE)]);
    expect([destroyed.code, destroyed.stderr, run.code, run.stderr]).toEqual([0, destroyed.stderr, 0, run.stderr]);
    expect((await mesh.status()).workloads.map((workload) => workload.name)).toEqual(['two']);
  });

  it('an edited blueprint converges: only what changed is made anew, and nothing for a wrong edit', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', { 'a.hcl': service('same') + service('edited') + service('gone') });
    await mesh.run('./one');
    const before = await mesh.status();
    blueprint(mesh, 'one', { 'a.hcl': service('same') + service('edited', 'env {\n key = "MESSAGE"\n value = "new"\n }') });
    const outcome = await mesh.mesh('run', './one');
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('container.edited (env.MESSAGE)') });
    const after = await mesh.status();
    const pid = (report: typeof after, name: string) => report.workloads.find((workload) => workload.name === name)?.pid;
    expect(pid(after, 'same')).toBe(pid(before, 'same'));
    expect(pid(after, 'edited')).not.toBe(pid(before, 'edited'));
    expect(pid(after, 'gone')).toBeUndefined();

    // A wrong edit leaves it running.
    blueprint(mesh, 'one', { 'a.hcl': service('one', 'imagee = 1') });
    expect(await mesh.mesh('run', './one')).toMatchObject({ code: 3 });
    expect((await mesh.status()).workloads).toEqual(after.workloads);
  });
});

describe('interruptions', () => {
  it('Ctrl-C in the middle of a run: exit 130, the state is saved, destroy leaves nothing', async () => {
    await using mesh = new Workspace();
    blueprint(mesh, 'one', {
      'a.hcl': service('ready') + service('slow', 'health_check {\n http = "http://localhost:9090/none"\n http_success_codes = [418]\n }'),
    });
    let interrupted = false;
    const { child, promise } = mesh.start('mesh', ['run', './one', ...FREE], {
      onStderr: (text) => {
        // Once: a second one would leave at once.
        if (!text.includes('container.ready') || interrupted) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    });
    const outcome = await promise;
    expect(outcome, outcome.stderr).toMatchObject({ code: 130 });
    expect(outcome.stderr).toContain('what was done so far is saved');
    expect((await mesh.status()).resources.map((resource) => [resource.key, resource.status])).toEqual([
      ['container.ready', 'created'],
      ['container.slow', 'creating'],
    ]);
    expect(await mesh.mesh('destroy', './one')).toMatchObject({ code: 0 });
  });

  it('no space for the state: names the file, exit 4, and destroy works without space', async () => {
    await using mesh = new Workspace();
    const outcome = await mesh.shell(`ulimit -f 4; exec mesh run v2 ${FREE.join(' ')}`);
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toMatch(/can't write .*\.log/);
    expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
    expect(
      await eventually(
        () => mesh.processes(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
  });
});

describe.sequential('one mesh', () => {
  let mesh: Workspace;
  let url: string;
  beforeAll(() => {
    mesh = new Workspace();
  });
  afterAll(() => mesh[Symbol.asyncDispose]());

  it('stale sockets and a stale record of an agent that is gone do not matter', async () => {
    mkdirSync(join(mesh.home, 'run'), { recursive: true });
    writeFileSync(join(mesh.home, 'run/agent.sock'), '');
    writeFileSync(join(mesh.home, 'run/dataplane.sock'), '');
    writeFileSync(join(mesh.home, 'run/dataplane.pid'), '1\n');
    writeFileSync(join(mesh.home, 'agent.json'), JSON.stringify({ pid: 1, version: '0', http: '127.0.0.1:1', permanent: false }));
    url = await mesh.run('v2');
    expect(await get(url)).toMatchObject({ code: 200 });
  });

  it('an agent can be swapped under traffic without one failed request', async () => {
    const replies: number[] = [];
    let stop = false;
    const load = (async () => {
      while (!stop) replies.push((await get(url)).code);
    })();
    expect(await mesh.mesh('agent', 'restart')).toMatchObject({ code: 0 });
    const before = replies.length;
    await eventually(
      () => replies.length,
      (count) => count > before + 20,
    );
    stop = true;
    await load;
    expect(replies.filter((code) => code !== 200)).toEqual([]);
  });

  it('run twice: nothing to do; destroy twice: nothing to do', async () => {
    const before = await mesh.status();
    expect(await mesh.mesh('run', 'v2')).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing to do') });
    expect((await mesh.status()).workloads.map((workload) => workload.pid)).toEqual(before.workloads.map((workload) => workload.pid));
    expect(await mesh.mesh('destroy', 'v1')).toMatchObject({ code: 0, stdout: 'v1 is not running: nothing to do\n' });
    expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
    expect(await mesh.mesh('destroy', 'v2')).toMatchObject({ code: 0, stdout: 'v2 is not running: nothing to do\n' });
    expect(await mesh.mesh('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing is running') });
  });
});
