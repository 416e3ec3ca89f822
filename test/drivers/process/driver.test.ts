import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Workload } from '../../../src/base/workload.ts';
import { ProcessDriver } from '../../../src/drivers/process/driver.ts';
import { driverContract, workloadOf } from '../contract.ts';
import { temporaryFolder } from '../fixture/folder.ts';

const linux = process.platform === 'linux';

/** Stands in for the built-in program: says what it was given. */
const PROGRAM = ['/bin/sh', '-c', 'echo "args=$*"; env | sort | grep -E "^(ADDR|FROM|LISTEN|MESH|NAME)"', 'fake-service'];

async function openDriver(home: string, addressMode: 'loopback' | 'ports'): Promise<ProcessDriver> {
  const folder = (name: string) => {
    mkdirSync(join(home, name), { recursive: true });
    return join(home, name);
  };
  const driver = new ProcessDriver({
    runDir: folder('run'),
    logDir: folder('log'),
    dataDir: folder('data'),
    programs: { 'fake-service': PROGRAM, docs: ['false'], traces: ['false'], mesh: ['echo', 'mesh'] },
    home,
    baseEnv: { PATH: process.env['PATH'] ?? '', FROM_BASE: 'yes' },
    addressMode,
    abstractSockets: linux,
  });
  await driver.open();
  onTestFinished(() => driver.close());
  return driver;
}

for (const mode of linux ? (['loopback', 'ports'] as const) : (['ports'] as const)) {
  driverContract(`local processes, ${mode}`, async () => {
    const home = temporaryFolder();
    const driver = await openDriver(home, mode);
    return {
      driver,
      reopen() {
        driver.close();
        return openDriver(home, mode);
      },
    };
  });
}

describe('local processes', () => {
  async function run(workload: Workload): Promise<{ output: string; driver: ProcessDriver; home: string }> {
    const home = temporaryFolder();
    const driver = await openDriver(home, 'ports');
    await driver.reserve([{ owner: workload.id, address: workload.address, ports: [9090], names: [] }]);
    const running = await driver.start(workload);
    expect(await running.exited).toEqual({ code: 0 });
    return { output: readFileSync(driver.logPath(workload.id), 'utf8'), driver, home };
  }

  it('run the program of a built-in image, with its own environment and what the image sets', async () => {
    const { entrypoint: _, ...image } = workloadOf('');
    const { output, driver } = await run({ ...image, command: ['--peer', '10.231.7.100:9090'], env: { NAME: 'web' } });
    const { address, port } = driver.reach('10.231.7.100', 9090);
    expect(output.split('\n')).toEqual([
      `args=--peer ${address}:${port}`,
      'FROM_BASE=yes',
      `LISTEN_ADDR=${address}:${port}`,
      'MESH_IMAGE_TAG=v0.24.2',
      'MESH_ORIGINAL_LISTEN_ADDR=0.0.0.0:9090',
      'MESH_VIRTUAL_ADDRESS=10.231.7.100',
      'NAME=web',
      '',
    ]);
  });

  it('share localhost with those that have the same address', async () => {
    const script = 'echo $OWN $BESIDE $OTHER';
    const env = { OWN: 'localhost:9090', BESIDE: 'http://localhost:9091', OTHER: '127.0.0.1:9092' };
    const { output, driver } = await run(workloadOf(script, { env, neighbourPorts: [9091] }));
    const at = (port: number) => `${driver.reach('10.231.7.100', port).address}:${driver.reach('10.231.7.100', port).port}`;
    expect(output).toBe(`${at(9090)} http://${at(9091)} 127.0.0.1:9092\n`);
  });

  it('of two generations each find their own side by the addresses and names that both have', async () => {
    const driver = await openDriver(temporaryFolder(), 'ports');
    const claim = (owner: string, address: string) => ({ owner, address, ports: [9090], names: [`${owner}.test`] });
    const addresses = ['10.231.7.100', '10.231.7.110'];
    await driver.reserve(addresses.flatMap((address, i) => [address, `${address}~2`].map((one) => claim(['web', 'payments'][i]!, one))));
    const script = 'echo $LISTEN_ADDR $BY_ADDRESS $BY_NAME $MESH_VIRTUAL_ADDRESS';
    const env = { LISTEN_ADDR: '0.0.0.0:9090', BY_ADDRESS: 'http://10.231.7.110:9090', BY_NAME: 'payments.test:9090' };
    const printed = async (workload: Workload) => {
      await (await driver.start(workload)).exited;
      return readFileSync(driver.logPath(workload.id), 'utf8').trim();
    };
    const first = await printed(workloadOf(script, { env }));
    const second = await printed(workloadOf(script, { env, id: 'container.web~2', address: '10.231.7.100~2', generation: 2 }));
    const at = (address: string) => `${driver.reach(address, 9090).address}:${driver.reach(address, 9090).port}`;
    const expected = (generation: string) => {
      const [web, payments] = addresses.map((address) => at(`${address}${generation}`));
      return `${web} http://${payments} ${payments} 10.231.7.100`;
    };
    expect([first, second]).toEqual([expected(''), expected('~2')]);
    expect(first).not.toBe(second);
  });

  it('see their files and folders under the paths of the container', async () => {
    const script = 'cat /etc/app/config.json /etc/app/token; cat /shared/data; ls -ld /tmp/empty > /dev/null; echo x > /tmp/empty/x';
    const host = temporaryFolder();
    writeFileSync(join(host, 'data'), 'from the host\n');
    const mounts: Workload['mounts'] = [
      { destination: '/etc/app/config.json', source: { text: '{}\n', secret: false }, readOnly: true },
      { destination: '/etc/app/token', source: { text: 'secret\n', secret: true }, readOnly: true },
      { destination: '/shared', source: { path: host }, readOnly: true },
      { destination: '/tmp/empty', source: { path: 'pods/node/web-0/empty' }, readOnly: false },
    ];
    const { output, driver, home } = await run(workloadOf(script, { mounts }));
    expect(output).toBe('{}\nsecret\nfrom the host\n');
    const modeOf = (path: string) => statSync(join(home, 'data', path)).mode & 0o777;
    expect(modeOf('container.web/etc/app/config.json')).toBe(0o644);
    expect(modeOf('container.web/etc/app/token')).toBe(0o600);
    expect(modeOf('container.web/etc/app')).toBe(0o700);
    expect(readFileSync(join(home, 'data/pods/node/web-0/empty/x'), 'utf8')).toBe('x\n');
    await driver.removeData('pods');
    await driver.sweep('container.web');
    expect(readdirSync(join(home, 'data'))).toEqual([]);
    expect(readdirSync(join(home, 'log'))).toEqual([]);
    expect(readdirSync(join(home, 'run'))).toEqual(['addresses.json']);
    expect(readFileSync(join(host, 'data'), 'utf8')).toBe('from the host\n');
  });

  it('have folders of their own, with their small files in them, and programs among these', async () => {
    const script = 'ls /local; /local/hello.sh; echo x > /local/made; cat local/made';
    const mounts: Workload['mounts'] = [
      { destination: '/local', source: { own: true }, readOnly: false },
      { destination: '/local/hello.sh', source: { text: '#!/bin/sh\necho hello\n', secret: false, executable: true }, readOnly: false },
    ];
    const { output, driver, home } = await run(workloadOf(script, { mounts }));
    expect(output).toBe('hello.sh\nhello\nx\n');
    await driver.sweep('container.web');
    expect(readdirSync(join(home, 'data'))).toEqual([]);
  });

  it('never get a file written outside of their own folder', async () => {
    const mounts: Workload['mounts'] = [{ destination: '/../../escaped', source: { text: 'x', secret: false }, readOnly: true }];
    const { home } = await run(workloadOf('true', { mounts }));
    expect(existsSync(join(home, 'escaped'))).toBe(false);
    expect(readFileSync(join(home, 'data/container.web/escaped'), 'utf8')).toBe('x');
  });

  it('are not written to by a probe', async () => {
    const mounts: Workload['mounts'] = [{ destination: '/etc/flag', source: { text: 'old', secret: false }, readOnly: false }];
    const workload = workloadOf('printf new > /etc/flag', { mounts });
    const { driver } = await run(workload);
    expect(await driver.probe(workload, { type: 'exec', command: ['/bin/sh', '-c', '[ "$(cat /etc/flag)" = new ]'] }, 5000)).toBe(true);
  });

  it('work in a folder of their own, which commands beside them share and which goes with them', async () => {
    const workload = workloadOf('pwd; echo x > beside');
    const { output, driver, home } = await run(workload);
    const folder = join(home, 'data', 'container.web');
    expect(output).toBe(`${folder}\n`);
    expect((await driver.exec(workload, ['ls'])).cwd).toBe(folder);
    expect(await driver.probe(workload, { type: 'exec', command: ['/bin/sh', '-c', 'test -e beside'] }, 5000)).toBe(true);
    await driver.sweep(workload.id);
    expect(existsSync(folder)).toBe(false);
  });

  it('whose program is missing say so, with the nearest one, in terms that their user knows', async () => {
    const driver = await openDriver(temporaryFolder(), 'ports');
    await driver.reserve([{ owner: 'container.web', address: '10.231.7.100', ports: [], names: [] }]);
    const started = (...command: string[]) => driver.start({ ...workloadOf(''), image: '', entrypoint: command });
    const missing = { message: 'consull: not found; programs are those of this machine', hint: 'did you mean "consul"?' };
    await expect(started('consull', 'members')).rejects.toMatchObject(missing);
    expect(readFileSync(driver.logPath('container.web'), 'utf8')).toBe(`could not be started: ${missing.message}; ${missing.hint}\n`);
  });

  it('keep the files of ids apart that hold slashes', async () => {
    const driver = await openDriver(temporaryFolder(), 'ports');
    expect(driver.logPath('k8s_config.web/web-0/web')).toMatch(/\/log\/k8s_config\.web_web-0_web\.log$/);
  });
});
