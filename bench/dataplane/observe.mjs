import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../processes.mjs';
import { OurPair } from './ours.mjs';
import { withPairs } from './pairs.mjs';
import { budget, head, median, ratio, row, title } from './report.mjs';
import { compare } from './requests.mjs';
import { accessLogsOf, EndpointStats, Observer } from './source.mjs';

const TURNS = 1_000_000;

/** CPU nanoseconds of what both sidecars of a pair always do when a request ends. */
function baseCost() {
  const silent = { id: 'bench', service: 'web', accessLog: undefined, tracer: undefined, taps: { open: false } };
  const reached = { cluster: 'payments', stats: new EndpointStats('127.0.0.1:1') };
  const sides = ['outbound', 'inbound'].map((direction) => {
    const observer = new Observer(silent, direction, 'payments');
    return { observer, group: observer.group('web') };
  });
  const turn = () => {
    const exchange = { startedAt: performance.now() - 2, status: 200, retries: 0, bytesUp: 0, bytesDown: 200, reached };
    for (const { observer, group } of sides) observer.ended(exchange, group);
  };
  const times = [];
  for (let round = 0; round < 6; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < TURNS; i++) turn();
    const { user, system } = process.cpuUsage(before);
    times.push(((user + system) * 1000) / TURNS);
  }
  return median(times.slice(1));
}

/** What it costs to be told of requests: by counters that are always there, and by what is off until somebody asks for it. */
export async function measureObserving(authority, options) {
  title('Counters, access logs, traces and taps of an HTTP/1.1 pair');
  const folder = mkdtempSync(join(tmpdir(), 'mesh-bench-logs-'));
  const [deadPort] = await freePorts(1);
  const tracing = { protocol: 'otlp', url: `http://127.0.0.1:${deadPort}/v1/traces`, service: 'bench', samplePercent: 100 };
  const accessLogs = accessLogsOf({ Enabled: true, Type: 'file', Path: join(folder, 'access.log') });
  const start = (more) => (ports) => OurPair.start(authority, { protocol: 'http', ports, flags: options.flags, ...more });
  const starts = {
    'counters only': start(),
    'access logs in JSON': start({ telemetry: { accessLogs } }),
    'all requests traced, nobody collects': start({ telemetry: { tracing } }),
    'a tap of all requests': start({ tapped: true }),
  };
  try {
    await withPairs(starts, async (pairs) => {
      const samples = await compare(pairs, options);
      console.log();
      head('beside counters only', 'CPU per request', 'of the least');
      const least = (name) => Math.min(...samples[name].map(({ cpu }) => cpu));
      const base = 'counters only';
      for (const name of Object.keys(starts).slice(1))
        row(name, `${ratio(samples, name, base, 'cpu').toFixed(2)} x`, `${(least(name) / least(base)).toFixed(2)} x`);
      const ns = baseCost();
      const share = ns / 10 / least(base);
      console.log();
      budget(`the counters, ${ns.toFixed(0)} ns of the pair's CPU per request`, share, 3, { unit: ' %' });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
