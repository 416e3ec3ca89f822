import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logs } from '../../../src/app/cli/logs.ts';
import { createHome, type Home, homeOf } from '../../../src/app/home.ts';
import { createRpcServer, type Handlers } from '../../../src/app/rpc/server.ts';
import { MeshError } from '../../../src/base/errors.ts';
import { testIo } from '../../commands/io.ts';
import { healthy, workload } from './report.ts';

let folder: string;
let home: Home;
let close: () => Promise<void>;

/** An agent of this home that runs payments and two instances of web. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-logs-'));
  home = homeOf({ MESH_HOME: folder }, '/');
  await createHome(home);
  const log = (name: string) => join(folder, `${name}.log`);
  const pod = (name: string) => workload(name, { id: `k8s_config.web/${name}/app`, log: log(name) });
  const workloads = [workload('payments', { log: log('payments') }), pod('web-0'), pod('web-1')];
  const instance = (id: string, node: string) => ({ id, node, address: '127.5.0.1:9090', health: 'passing' });
  const services = [
    { name: 'pay', datacenter: 'dc1', protocol: 'tcp', instances: [instance('pay-1', 'payments')] },
    { name: 'web', datacenter: 'dc1', protocol: 'http', instances: [instance('web-0-web', 'k3s'), instance('web-1-web', 'k3s')] },
    { name: '0-admin', datacenter: 'dc1', protocol: 'http', instances: [instance('web-0-admin', 'elsewhere')] },
  ];
  const gateway = { id: 'dc1/local/ingress', service: 'ingress', upstreams: [], configIndex: 1, servesIndex: 1 };
  const report = { ...healthy, workloads, services, proxies: [gateway] };
  const handlers: Partial<Handlers> = { status: () => Promise.resolve(report) };
  const rpc = createRpcServer(handlers as Handlers, { version: '1', onBug: () => undefined });
  await new Promise<void>((resolve) => rpc.server.listen(home.agentSocket, resolve));
  close = () => new Promise((resolve) => rpc.server.close(() => resolve()));
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const inputOf = (names: readonly string[], options: Record<string, string | boolean> = {}) => ({
  args: names,
  options: { lines: '100', ...options },
});
const input = (name: string, options: Record<string, string | boolean> = {}) => ({ args: [name], options: { lines: '100', ...options } });

async function printed(name: string, options: Record<string, string | boolean> = {}): Promise<string> {
  const io = testIo({ env: { MESH_HOME: folder } });
  expect(await logs(input(name, options), io)).toBe(0);
  expect(io.written.err).toBe('');
  return io.written.out;
}

describe('access logs', () => {
  it('are those of all sidecars, or of one service, and are no output of workloads', async () => {
    for (const service of ['web', 'payments'])
      await writeFile(join(home.logDir, `access.dc1_n1_${service}-sidecar-proxy.log`), `${service}\n`);
    expect(await printed('access.web')).toBe('web\n');
    const all = await printed('access');
    expect(all.split('\n').sort()).toEqual(['', 'payments-sidecar-proxy | payments', 'web-sidecar-proxy      | web']);
    await expect(printed('access.api')).rejects.toMatchObject({ message: 'there is no access log of api' });
  });

  it('of pods have the name of the pod before that of the service', async () => {
    for (const proxy of ['k3s-virtual_api-0-api', 'n1_my-api', 'k3s-virtual_api-0-other'])
      await writeFile(join(home.logDir, `access.dc1_${proxy}-sidecar-proxy.log`), `${proxy}\n`);
    expect(await printed('access.api')).toBe('k3s-virtual_api-0-api\n');
    expect(await printed('access.my-api')).toBe('n1_my-api\n');
  });
});

describe('mesh logs', () => {
  it.each([
    ['2', 'b\nc\n'],
    ['all', 'a\nb\nc\n'],
    ['100', 'a\nb\nc\n'],
    ['0', ''],
  ])('-n %s', async (lines, text) => {
    await writeFile(home.agentLog, 'a\nb\nc\n');
    expect(await printed('agent', { lines })).toBe(text);
  });

  it('shows last words without a line break, and empty lines', async () => {
    await writeFile(join(folder, 'payments.log'), 'start\n\nfatal: no such file');
    expect(await printed('payments')).toBe('start\n\nfatal: no such file\n');
    expect(await printed('payments', { lines: '1' })).toBe('fatal: no such file\n');
  });

  it('of something that has written nothing is nothing', async () => {
    expect(await printed('dataplane')).toBe('');
    expect(await printed('payments')).toBe('');
  });

  it('finds a workload by name or id, and every instance of a service, each marked', async () => {
    for (const name of ['payments', 'web-0', 'web-1']) await writeFile(join(folder, `${name}.log`), `this is ${name}\n`);
    expect(await printed('web-1')).toBe('this is web-1\n');
    expect(await printed('container.payments')).toBe('this is payments\n');
    expect(await printed('web')).toBe('web-0 | this is web-0\nweb-1 | this is web-1\n');
    expect(await printed('pay')).toBe('this is payments\n');
  });

  it('finds what a command left that has ended, by its whole name', async () => {
    await writeFile(join(home.logDir, 'exec_remote.payments_defaults.log'), 'Config entry written\n');
    expect(await printed('payments_defaults')).toBe('Config entry written\n');
    expect(await printed('exec_remote.payments_defaults')).toBe('Config entry written\n');
    await expect(printed('defaults')).rejects.toMatchObject({ message: 'nothing called "defaults" runs here' });
  });

  it('names the nearest thing for one that does not run', async () => {
    await expect(printed('0-admin')).rejects.toMatchObject({ code: 'failed' });
    await expect(printed('paymets')).rejects.toMatchObject({
      code: 'failed',
      message: 'nothing called "paymets" runs here',
      hint: 'did you mean "payments"?',
    });
    await expect(printed('xyzzy')).rejects.toMatchObject({
      hint: 'there are: payments, web-0, web-1, pay, web, 0-admin, agent, dataplane',
    });
  });

  it('shows several at once, each once and marked, in one column', async () => {
    for (const name of ['payments', 'web-0', 'web-1']) await writeFile(join(folder, `${name}.log`), `1 of ${name}\n2 of ${name}\n`);
    await writeFile(home.agentLog, 'I am the agent\n');
    const of = async (...names: string[]) => {
      const io = testIo({ env: { MESH_HOME: folder } });
      await logs(inputOf(names, { lines: '1' }), io);
      return io.written.out;
    };
    expect(await of('web', 'payments', 'web-0')).toBe('web-0    | 2 of web-0\nweb-1    | 2 of web-1\npayments | 2 of payments\n');
    expect(await of('agent', 'payments')).toBe('agent    | I am the agent\npayments | 2 of payments\n');
    expect(await of()).toBe('payments | 2 of payments\nweb-0    | 2 of web-0\nweb-1    | 2 of web-1\n');
    await expect(of('payments', 'xyzzy')).rejects.toThrow('nothing called "xyzzy" runs here');
  });

  it('merges several by time, from a time on, and as JSON', async () => {
    const at = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
    await writeFile(join(folder, 'payments.log'), `${at(300)} old\n${at(20)} second\n`);
    await writeFile(join(folder, 'web-0.log'), `${at(30)} first\n  and more\n${at(10)} third\n`);
    const of = async (options: Record<string, string | boolean>) => {
      const io = testIo({ env: { MESH_HOME: folder } });
      await logs(inputOf(['web-0', 'payments'], options), io);
      return io.written.out.trim().split('\n');
    };
    const shown = (await of({ since: '1m' })).map((line) => line.replace(/\| \S+Z /, '| '));
    expect(shown).toEqual(['web-0    | first', 'web-0    |   and more', 'payments | second', 'web-0    | third']);
    const [first] = (await of({ json: true, since: '1m' })).map((line) => JSON.parse(line) as object);
    expect(first).toEqual({ at: expect.any(Number), source: 'web-0', line: expect.stringContaining('first') });
  });

  it('of a gateway is what the data plane says of it, and its access log', async () => {
    const id = 'dc1/local/ingress';
    await writeFile(join(home.logDir, 'dataplane.log'), `{"listener":"${id}/outbound/8080"}\n{"listener":"dc1/local/web/inbound"}\n`);
    expect(await printed('ingress')).toBe(`{"listener":"${id}/outbound/8080"}\n`);
    await writeFile(join(home.logDir, 'access.dc1_local_ingress.log'), 'GET /\n');
    expect(await printed('ingress')).toBe(`dataplane | {"listener":"${id}/outbound/8080"}\ningress   | GET /\n`);
  });

  it('marks in colours on a terminal that has them', async () => {
    for (const name of ['web-0', 'web-1']) await writeFile(join(folder, `${name}.log`), 'hello\n');
    const io = testIo({ env: { MESH_HOME: folder } });
    await logs(inputOf(['web']), { ...io, terminal: { ...io.terminal, stdoutIsTty: true, colour: true } });
    const marks = io.written.out
      .split('\n')
      .slice(0, 2)
      .map((line) => line.split(' | ')[0]!);
    expect(marks.map((mark) => stripVTControlCharacters(mark))).toEqual(['web-0', 'web-1']);
    expect(marks[0]!.slice(0, 5)).not.toBe(marks[1]!.slice(0, 5));
  });

  it('goes back to what was moved aside, when that is needed', async () => {
    await writeFile(`${home.agentLog}.1`, 'a\nb\n');
    await writeFile(home.agentLog, 'c\nd\n');
    expect(await printed('agent', { lines: '1' })).toBe('d\n');
    expect(await printed('agent', { lines: '3' })).toBe('b\nc\nd\n');
    expect(await printed('agent', { lines: 'all' })).toBe('a\nb\nc\nd\n');
    expect(await printed('agent', { lines: '0' })).toBe('');
  });

  it('without an agent reads what is left, by the names of the files', async () => {
    const left = homeOf({ MESH_HOME: join(folder, 'left') }, '/');
    await createHome(left);
    await writeFile(left.agentLog, 'agent\n');
    for (const name of ['container.payments', 'k8s_config.web_web-0_web']) await writeFile(join(left.logDir, `${name}.log`), `${name}\n`);
    const of = async (...names: string[]) => {
      const io = testIo({ env: { MESH_HOME: left.root } });
      await logs(inputOf(names), io);
      return io.written.out.split('\n').filter((line) => line !== '');
    };
    expect(await of('payments')).toEqual(['container.payments']);
    expect((await of()).map((line) => line.split(' | ')[1])).toEqual(['container.payments', 'k8s_config.web_web-0_web']);
    await expect(of('payments', 'xyzzy')).rejects.toMatchObject({ code: 'failed', message: 'nothing is running' });
    // A process of it may still run.
    await writeFile(join(left.runDir, 'container.payments.pid'), '1');
    await expect(of('payments', 'xyzzy')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('needs something that runs, but for the agent’s own', async () => {
    const io = testIo({ env: { MESH_HOME: join(folder, 'other') } });
    await expect(logs(input('payments'), io)).rejects.toMatchObject({ code: 'failed', message: 'nothing is running' });
    expect(await logs(input('agent'), io)).toBe(0);
  });
});

describe('mesh logs -f', () => {
  interface Following {
    readonly out: () => string;
    readonly stop: () => Promise<number>;
  }

  function follow(name: string, lines = '100'): Following {
    const stop = new AbortController();
    const io = testIo({ env: { MESH_HOME: folder }, signal: stop.signal });
    const ended = logs(input(name, { lines, follow: true }), io);
    ended.catch(() => undefined);
    return {
      out: () => io.written.out,
      stop: () => {
        stop.abort(new MeshError('interrupted', 'stopped'));
        return ended;
      },
    };
  }

  const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

  it('goes on with what is appended, from the line that was half there, in whole lines and characters', async () => {
    await writeFile(home.agentLog, 'one\nhal');
    const following = follow('agent');
    await eventually(() => expect(following.out()).toBe('one\n'));
    const fox = Buffer.from('f 🦊\nnext\n');
    await appendFile(home.agentLog, fox.subarray(0, 4));
    await appendFile(home.agentLog, fox.subarray(4));
    await eventually(() => expect(following.out()).toBe('one\nhalf 🦊\nnext\n'));
    expect(await following.stop()).toBe(130);
  });

  it('keeps a character whole that is written in two parts a while apart', async () => {
    const marker = join(folder, 'web-0.log');
    await writeFile(join(folder, 'payments.log'), '');
    await writeFile(marker, '');
    const [following, other] = [follow('payments'), follow('web-0')];
    const fox = Buffer.from('🦊\n');
    await appendFile(join(folder, 'payments.log'), fox.subarray(0, 2));
    // Two lines seen one after the other elsewhere: this file has been looked at in between.
    for (const line of ['1\n', '1\n2\n', '1\n2\n3\n']) {
      await writeFile(marker, line);
      await eventually(() => expect(other.out()).toBe(line));
    }
    await appendFile(join(folder, 'payments.log'), fox.subarray(2));
    await eventually(() => expect(following.out()).toBe('🦊\n'));
    await Promise.all([following.stop(), other.stop()]);
  });

  it('starts again with a file that was rotated (copied and cut)', async () => {
    await writeFile(home.agentLog, 'old line\nand a half one');
    const following = follow('agent');
    await eventually(() => expect(following.out()).toBe('old line\n'));
    await truncate(home.agentLog, 0);
    await appendFile(home.agentLog, 'new\n');
    await eventually(() => expect(following.out()).toBe('old line\nnew\n'));
    await following.stop();
  });

  it('loses nothing of a file that is rotated', async () => {
    await writeFile(home.agentLog, 'seen\n');
    const following = follow('agent');
    await eventually(() => expect(following.out()).toBe('seen\n'));
    // In one go, as far as the follower can tell: its next look finds all of it.
    await writeFile(`${home.agentLog}.1`, 'seen\nnot seen yet\n');
    await writeFile(home.agentLog, 'new\n');
    await eventually(() => expect(following.out()).toMatch(/new\n$/));
    expect(following.out()).toBe('seen\nnot seen yet\nnew\n');
    await following.stop();
  });

  it('follows several at once', async () => {
    await writeFile(join(folder, 'web-0.log'), '');
    await writeFile(join(folder, 'web-1.log'), '');
    const following = follow('web');
    await appendFile(join(folder, 'web-1.log'), 'from 1\n');
    await eventually(() => expect(following.out()).toBe('web-1 | from 1\n'));
    await appendFile(join(folder, 'web-0.log'), 'from 0\n');
    await eventually(() => expect(following.out()).toBe('web-1 | from 1\nweb-0 | from 0\n'));
    await following.stop();
  });

  it('waits for a file that is not there yet, and outlives one that goes', async () => {
    const path = join(folder, 'payments.log');
    const following = follow('payments');
    await writeFile(path, 'first\n');
    await eventually(() => expect(following.out()).toBe('first\n'));
    await rm(path);
    const other = follow('agent');
    await writeFile(home.agentLog, 'a moment later\n');
    await eventually(() => expect(other.out()).toBe('a moment later\n'));
    await writeFile(path, 'new\n');
    await eventually(() => expect(following.out()).toBe('first\nnew\n'));
    expect(await Promise.all([following.stop(), other.stop()])).toEqual([130, 130]);
  });

  it('-n 0 shows only what is new', async () => {
    await writeFile(home.agentLog, 'old\n');
    const following = follow('agent', '0');
    const seen = follow('agent');
    await eventually(() => expect(seen.out()).toBe('old\n'));
    await appendFile(home.agentLog, 'new\n');
    await eventually(() => expect(following.out()).toMatch(/new\n$/));
    expect(following.out()).toBe('new\n');
    await Promise.all([following.stop(), seen.stop()]);
  });
});
