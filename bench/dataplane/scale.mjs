import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../processes.mjs';
import { startApp } from './apps.mjs';
import { cluster, DataPlane, INTENTIONS, ROUTES, sidecar, upstream } from './ours.mjs';
import { budget, head, interleaved, median, ratio, row, title } from './report.mjs';
import { wrk } from './wrk.mjs';

/** Sidecars of web-0, web-1, …, each with payments as its upstream, all in one process together with payments' own. */
async function sidecars(authority, count, app) {
  const ports = await freePorts(2 * count + 1);
  const inbound = ports.pop();
  const intentions = [{ source: '*', action: 'allow', precedence: 8 }];
  const payments = sidecar(authority, { service: 'payments', protocol: 'http', ports: [inbound, app], intentions });
  const names = ['payments', 'v1.payments', 'v2.payments'];
  const of = (name) => [name, cluster(authority, { name, service: 'payments', at: [inbound] })];
  const clusters = Object.fromEntries(names.map(of));
  const webs = Array.from({ length: count }, (_, i) => {
    const outbound = [upstream('payments', ports[2 * i], 'http', ROUTES)];
    return sidecar(authority, {
      service: `web-${i}`,
      protocol: 'http',
      ports: [ports[2 * i + 1], app],
      outbound,
      clusters,
      intentions: INTENTIONS,
    });
  });
  const services = ['payments', ...webs.map(({ service }) => service)];
  return {
    clients: webs.map((_, i) => ports[2 * i]),
    update: {
      full: true,
      proxies: [payments, ...webs],
      leaves: services.map((service) => authority.leaf(service)),
      roots: [authority.root.certPem],
    },
  };
}

/** A process with so many sidecars, and what they take at rest in MiB. */
async function start(authority, count, app, flags) {
  const plane = await DataPlane.start({ flags });
  await sleep(500);
  const empty = plane.rss();
  const { update, clients } = await sidecars(authority, count, app);
  const began = performance.now();
  await plane.apply(update);
  const applyMs = performance.now() - began;
  await sleep(2_000);
  return { plane, clients, applyMs, restMiB: plane.rss() - empty };
}

/** Load on four sidecars, or four times on the one that there is. */
async function cost({ plane, clients }, seconds) {
  const step = Math.floor(clients.length / 4);
  const before = plane.cpu();
  const runs = await Promise.all([0, 1, 2, 3].map((i) => wrk(clients[i * step], { connections: 8, seconds })));
  return { cpu: ((plane.cpu() - before) * 1e6) / runs.reduce((sum, { requests }) => sum + requests, 0) };
}

export async function measureScale(authority, { rounds, seconds, flags }) {
  title('Many sidecars in one process');
  const app = await startApp();
  const one = await start(authority, 1, app.port, flags);
  const many = await start(authority, 50, app.port, flags);
  try {
    for (const variant of [one, many]) await cost(variant, 2);
    const samples = await interleaved({ one, many }, rounds, (variant) => cost(variant, seconds));
    head('sidecars', 'MiB at rest, above an empty process', 'CPU µs/request');
    for (const [name, count, { restMiB }] of [
      ['one', 1, one],
      ['many', 50, many],
    ])
      row(count, restMiB.toFixed(1), median(samples[name].map(({ cpu }) => cpu)).toFixed(1));
    console.log();
    budget('MiB for each of 50 sidecars at rest', many.restMiB / 50, 1, { unit: ' MiB' });
    budget('CPU per request with 50 beside 1', ratio(samples, 'many', 'one', 'cpu'), 1.1, { unit: ' x' });
  } finally {
    await Promise.all([one.plane.stop(), many.plane.stop()]);
  }
  const thousand = await start(authority, 1000, app.port, flags);
  budget('1,000 sidecars configured', thousand.applyMs / 1000, 3, { unit: ' s' });
  console.log(`- with 1,000 sidecars: ${(thousand.restMiB / 1000).toFixed(2)} MiB each at rest`);
  await thousand.plane.stop();
  await app.stop();
}
