import { setTimeout as sleep } from 'node:timers/promises';
import { cpuNanoseconds, freePorts } from '../processes.mjs';
import { startApp } from './apps.mjs';
import { call } from './client.mjs';
import { cluster, DataPlane, sidecar, upstream } from './ours.mjs';
import { head, interleaved, median, row, title } from './report.mjs';

/** Two plain sidecars, web and its upstream payments, as `mesh run v2` makes them. */
async function pair(authority, app) {
  const [client, web, payments] = await freePorts(3);
  const intentions = [{ source: '*', action: 'allow', precedence: 8 }];
  const target = cluster(authority, { name: 'payments', service: 'payments', at: [payments] });
  const outbound = [upstream('payments', client, 'http', [{ match: {}, splits: [{ weight: 100, cluster: 'payments' }] }])];
  const proxies = [
    sidecar(authority, { service: 'web', protocol: 'http', ports: [web, app], outbound, clusters: { payments: target } }),
    sidecar(authority, { service: 'payments', protocol: 'http', ports: [payments, app], intentions }),
  ];
  const leaves = ['web', 'payments'].map((service) => authority.leaf(service));
  return { client, update: { full: true, proxies, leaves, roots: [authority.root.certPem] } };
}

/** One process, from its start to its first answer and to its rest. */
async function startOnce(authority, app, variant) {
  const { client, update } = await pair(authority, app.port);
  const began = performance.now();
  const plane = await DataPlane.start(variant);
  const spent = () => ({ ms: performance.now() - began, cpu: cpuNanoseconds(plane.pid) / 1e6 });
  try {
    const hello = spent();
    await plane.apply(update);
    const ack = spent();
    const { status } = await call(client);
    if (status !== 200) throw new Error(`the first call was answered with ${status}`);
    const answer = spent();
    // The machine code is kept by then.
    await sleep(4_000);
    return { helloCpu: hello.cpu, ackMs: ack.ms, ackCpu: ack.cpu, answerCpu: answer.cpu, rss: plane.rss() };
  } finally {
    await plane.stop();
  }
}

export async function measureStart(authority, { rounds, flags, others }) {
  title('From nothing to two plain sidecars');
  const app = await startApp();
  try {
    const variants = { mesh: { flags }, ...others };
    for (const variant of Object.values(variants)) await startOnce(authority, app, variant);
    const samples = await interleaved(variants, rounds, (variant) => startOnce(authority, app, variant));
    head('', 'CPU ms to the hello', 'to the acknowledgement', 'to the first answer', 'ms to the acknowledgement', 'MiB at rest');
    for (const [name, list] of Object.entries(samples)) {
      const of = (figure) => median(list.map((sample) => sample[figure])).toFixed(1);
      row(name, of('helloCpu'), of('ackCpu'), of('answerCpu'), of('ackMs'), of('rss'));
    }
  } finally {
    await app.stop();
  }
}
