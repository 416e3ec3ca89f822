import { findProgram } from '../processes.mjs';
import { OurPair } from './ours.mjs';
import { withPairs } from './pairs.mjs';
import { consulPair, haproxyPair, nginxPair } from './peers.mjs';
import { budget, head, interleaved, median, ratio, row, title } from './report.mjs';
import { wrk } from './wrk.mjs';

/** CPU microseconds per request of all proxies of a pair, and latency in milliseconds. */
async function cost({ pair, port }, load) {
  const before = pair.cpu();
  const { requests, p50, p99 } = await wrk(port, load);
  return { cpu: ((pair.cpu() - before) * 1e6) / requests, p50, p99, rate: requests / load.seconds };
}

/** Prints a table of pairs by name, and returns their samples. */
export async function compare(pairs, { rounds, seconds }, load = {}) {
  for (const pair of Object.values(pairs)) await cost(pair, { seconds: 2, ...load });
  const samples = await interleaved(pairs, rounds, (pair) => cost(pair, { seconds, ...load }));
  head('', 'CPU µs/request (least)', 'p50 ms', 'p99 ms', 'requests/s');
  for (const [name, found] of Object.entries(samples)) {
    const of = (figure) => median(found.map((sample) => sample[figure]));
    const least = Math.min(...found.map(({ cpu }) => cpu));
    row(name, `${of('cpu').toFixed(1)} (${least.toFixed(1)})`, of('p50').toFixed(2), of('p99').toFixed(2), of('rate').toFixed(0));
  }
  return samples;
}

/** Ours, and other builds of it, or other flags, that the caller named. */
function ours(authority, protocol, { flags, others }) {
  const starts = { mesh: (ports) => OurPair.start(authority, { protocol, ports, flags }) };
  for (const [name, other] of Object.entries(others)) starts[name] = (ports) => OurPair.start(authority, { protocol, ports, ...other });
  return starts;
}

export async function measureHttp(authority, options) {
  const starts = ours(authority, 'http', options);
  starts['mesh, one process'] = (ports) => OurPair.start(authority, { protocol: 'http', ports, one: true, flags: options.flags });
  if (findProgram('haproxy')) starts.haproxy = (ports) => haproxyPair(authority, { mode: 'http', ports });
  if (findProgram('nginx')) starts.nginx = (ports) => nginxPair(authority, { ports });
  title('HTTP/1.1 pair: 32 connections, bodies of 200 bytes; ours with a router, a splitter, intentions and metrics');
  await withPairs(starts, async (pairs) => {
    const samples = await compare(pairs, options);
    if (!pairs.haproxy) return console.log('\nNo haproxy to compare with.');
    console.log();
    budget('CPU per request beside haproxy', ratio(samples, 'mesh', 'haproxy', 'cpu'), 1.6, { unit: ' x', goal: 1.3 });
    budget('p99 beside haproxy', ratio(samples, 'mesh', 'haproxy', 'p99'), 2, { unit: ' x' });
    console.log('\nEach head of a request and of an answer is another one:\n');
    const { mesh, haproxy } = pairs;
    const varied = await compare({ mesh, haproxy }, options, { varied: true });
    console.log(`\n- CPU per request beside haproxy: ${ratio(varied, 'mesh', 'haproxy', 'cpu').toFixed(2)} x`);
  });
}

async function beside(authority, options, starts, { load, ...limits }) {
  if (findProgram('haproxy')) starts['haproxy tcp'] = (ports) => haproxyPair(authority, { mode: 'tcp', ports });
  if (findProgram('consul')) starts.consul = (ports) => consulPair({ ports });
  await withPairs(starts, async (pairs) => {
    const samples = await compare(pairs, options, load);
    if (!pairs.consul) return console.log('\nNo consul to compare with: set CONSUL_BIN, or put consul on the PATH.');
    const cpu = ratio(samples, 'mesh', 'consul', 'cpu');
    console.log();
    budget('CPU per request beside consul connect proxy', cpu, limits.limit, { unit: ' x', goal: limits.goal });
  });
}

export async function measureTcp(authority, options) {
  title('tcp pair: 32 connections, requests of HTTP/1.1 as bytes');
  await beside(authority, options, ours(authority, 'tcp', options), { limit: 2, goal: 1.5 });
}

/** What is known to be HTTP needs no connection of its own between sidecars; Consul's proxy knows bytes only. */
export async function measureConnections(authority, options) {
  title('A new client connection for every request');
  const starts = ours(authority, 'http', options);
  starts['mesh tcp'] = (ports) => OurPair.start(authority, { protocol: 'tcp', ports, flags: options.flags });
  await beside(authority, options, starts, { load: { headers: { Connection: 'close' } }, limit: 0.1 });
}
