import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../processes.mjs';
import { AgentWorld } from './agent.mjs';
import { startApp } from './apps.mjs';
import { Traffic } from './client.mjs';
import { cluster, DataPlane, sidecar, upstream } from './ours.mjs';
import { budget, head, row, title } from './report.mjs';

const RETRIES = { count: 3, onConnectFailure: true, on: ['5xx', 'reset', 'connect-failure'], onStatusCodes: [] };

/** web with three instances of payments, each with a data plane process of its own; `more` is added to web's cluster. */
class Instances {
  static async start(authority, { retry, more = {} }) {
    const instances = new Instances();
    const roots = [authority.root.certPem];
    const intentions = [{ source: '*', action: 'allow', precedence: 8 }];
    const [client, unused, ...inbound] = await freePorts(5);
    instances.client = client;
    instances.apps = await Promise.all(['a', 'b', 'c'].map((name) => startApp({ args: [name] })));
    instances.planes = await Promise.all(inbound.map(() => DataPlane.start()));
    for (const [i, plane] of instances.planes.entries()) {
      const ports = [inbound[i], instances.apps[i].port];
      const proxy = sidecar(authority, { id: `payments-${i}`, service: 'payments', protocol: 'http', ports, intentions });
      await plane.apply({ proxies: [proxy], leaves: [authority.leaf('payments')], roots });
    }
    const target = { ...cluster(authority, { name: 'payments', service: 'payments', at: inbound }), ...more };
    const route = { match: {}, splits: [{ weight: 100, cluster: 'payments' }], ...(retry && { action: { retry } }) };
    const outbound = [upstream('payments', client, 'http', [route])];
    const web = sidecar(authority, { service: 'web', protocol: 'tcp', ports: [unused, unused], outbound, clusters: { payments: target } });
    instances.web = await DataPlane.start();
    await instances.web.apply({ proxies: [web], leaves: [authority.leaf('web')], roots });
    return instances;
  }

  async stop() {
    for (const part of [this.web, ...this.planes, ...this.apps]) await part.stop();
  }
}

export async function measureKilledInstance(authority) {
  title('One of three instances ends by kill -9 under load, with retries');
  for (const what of ['application', 'sidecar']) {
    const instances = await Instances.start(authority, { retry: RETRIES });
    const traffic = new Traffic(instances.client);
    await sleep(2_000);
    (what === 'application' ? instances.apps[1] : instances.planes[1]).child.kill('SIGKILL');
    await sleep(3_000);
    await traffic.stop();
    await instances.stop();
    console.log(`- its ${what}: ${traffic.describe()}`);
    budget('failed requests', traffic.failed, 0);
  }
}

const BAD_MS = 10_000;
const OUTLIER = {
  intervalMs: 1_000,
  consecutive5xx: 5,
  enforcing5xx: 100,
  maxEjectionPercent: 50,
  baseEjectionMs: 3_000,
  from: 'service-defaults web',
};

/** One of three instances answers 500 for a while, and is well again. */
export async function measureFlipFlop(authority) {
  title(`One of three instances answers 500 for ${BAD_MS / 1000} s`);
  head('', 'requests that failed', 'share of the bad instance', 's until it is used again');
  for (const [name, more] of [
    ['EnforcingConsecutive5xx = 0: without ejection', { outlier: { ...OUTLIER, enforcing5xx: 0 } }],
    ['nobody asks for it: 5 failures, 30 s', {}],
    ['PassiveHealthCheck: 5 failures, 3 s', { outlier: OUTLIER }],
  ]) {
    const instances = await Instances.start(authority, { more });
    const [, bad] = instances.apps;
    let wellAt = 0;
    let usedAfter;
    const onAnswer = (answer, at) => {
      if (wellAt > 0 && answer.status === 200 && answer.text === 'b') usedAfter ??= at - wellAt;
    };
    await sleep(500);
    bad.child.send('bad');
    const traffic = new Traffic(instances.client, { pauseMs: 5, onAnswer });
    await sleep(BAD_MS);
    const { failed, answered } = traffic;
    bad.child.send('good');
    wellAt = performance.now();
    for (const until = wellAt + 60_000; usedAfter === undefined && performance.now() < until; ) await sleep(20);
    await traffic.stop();
    await instances.stop();
    row(
      name,
      failed,
      `${((100 * failed) / (failed + answered)).toFixed(1)} %`,
      usedAfter === undefined ? 'never' : (usedAfter / 1000).toFixed(1),
    );
  }
}

/** Without its agent the data plane serves on; without the data plane there is another one soon. */
export async function measureProcesses() {
  title('Agent and data plane are killed');
  const mesh = await AgentWorld.start();
  const app = await startApp();
  const [client, unused] = await freePorts(2);
  try {
    await mesh.write({ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' } });
    await mesh.register('payments', app.port);
    await mesh.register('web', unused, { upstreams: { [client]: 'payments' } });
    await mesh.serves(client);
    const traffic = new Traffic(client, { pauseMs: 2 });
    await mesh.without(30_000);
    await sleep(3_000);
    await traffic.stop();
    console.log(`- the agent is away for 30 s: ${traffic.describe()}`);
    budget('failed requests', traffic.failed, 0);
    const times = [];
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      process.kill(mesh.dataplane(), 'SIGKILL');
      await sleep(5);
      await mesh.serves(client);
      times.push(performance.now() - began);
      await sleep(1_000);
    }
    console.log(`- the data plane, milliseconds until requests are answered again: ${times.map((ms) => ms.toFixed(0)).join(', ')}`);
    budget('at worst', Math.max(...times) / 1000, 1, { unit: ' s' });
  } finally {
    await mesh.stop();
    await app.stop();
  }
}
