// What the control plane costs, beside a Consul if there is one (CONSUL_BIN, or `consul` on the PATH): CPU seconds per 10,000
// requests, how soon a blocking query wakes, how soon there is a leader, and memory. Consul is its -dev agent, in memory; ours
// writes every acknowledged change to the disk. Both log warnings only.
//   npm run bench:control [-- --seconds 3 --runs 5 --services 10000 --blocked 5000 --writes 1000000 --only load,wake,start,scale,memory]
// With --dev ours is in memory, too: what the disk does is left out.
// Prints tables, and never asserts: times depend on the machine, ratios less so. `npm run build` first.
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { generator, load } from './control/load.mjs';
import { Server } from './control/server.mjs';
import { findProgram } from './processes.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '3' },
    services: { type: 'string', default: '10000' },
    blocked: { type: 'string', default: '5000' },
    writes: { type: 'string', default: '1000000' },
    only: { type: 'string', default: 'start,load,wake,scale,memory' },
    dev: { type: 'boolean', default: false },
  },
});
const names = findProgram('consul') ? ['mesh', 'consul'] : ['mesh'];
const parts = new Set(values.only.split(','));
const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
const percentile = (numbers, p) => sorted(numbers)[Math.min(numbers.length - 1, Math.ceil((numbers.length * p) / 100) - 1)];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (...cells) => {
  row(...cells);
  row(...cells.map(() => '---'));
};

async function withServers(run) {
  const servers = [];
  try {
    for (const name of names) servers.push(await Server.start(name, values));
    return await run(servers);
  } finally {
    for (const server of servers) await server.stop();
  }
}

const instance = (i) => ({ Name: 'web', ID: `web-${i}`, Port: 8000 + i, Check: { TTL: '1h', Status: 'passing' } });

/** The agent's endpoint, or the catalog's where the agent has none. */
async function registration(server, body) {
  server.registersByAgent ??= server
    .ask('/v1/agent/services')
    .then(async () => !(await server.ask('/v1/agent/service/register', { method: 'PUT', body }).catch(String)).includes(': 404'));
  if (await server.registersByAgent) return { path: '/v1/agent/service/register', method: 'PUT', body };
  const { Name: Service, Check: _, ...rest } = body;
  const Check = { CheckID: `service:${body.ID}`, Name: 'ttl', Status: 'passing', ServiceID: body.ID };
  return {
    path: '/v1/catalog/register',
    method: 'PUT',
    body: { Node: 'bench', Address: '127.0.0.1', Service: { Service, ...rest }, Check },
  };
}

async function register(server, body) {
  const { path, ...call } = await registration(server, body);
  return server.ask(path, call);
}

const REQUESTS = [
  { what: 'GET health/service, 3 instances', path: '/v1/health/service/web', budget: 0.3 },
  { what: '… ?passing&cached', path: '/v1/health/service/web?passing&cached', budget: 0.3 },
  { what: 'GET catalog/services', path: '/v1/catalog/services', budget: 0.3 },
  { what: 'GET kv', path: '/v1/kv/bench', budget: 1 },
  { what: 'PUT kv', path: '/v1/kv/bench', method: 'PUT', body: 'hello %d', budget: 1.2 },
  { what: 'PUT agent/service/register', register: { ...instance(1), Port: '%d' }, budget: 0.6 },
];

const callOf = (server, request) => (request.register ? registration(server, request.register) : request);

/** Minima of interleaved runs: what else the machine does only adds. */
async function measureLoad() {
  await withServers(async (servers) => {
    for (const server of servers) {
      for (let i = 1; i <= 3; i++) await register(server, instance(i));
      await server.ask('/v1/kv/bench', { method: 'PUT', body: 'hello' });
      for (const request of REQUESTS) await load(server, await callOf(server, request), 8, 1);
    }
    console.log(`\nCPU seconds per 10,000 requests (requests/s), ${generator}, least of ${values.runs} runs of ${values.seconds} s\n`);
    head('request', 'connections', ...names, ...(names.length > 1 ? ['ratio', 'budget'] : []));
    for (const request of REQUESTS) {
      for (const connections of [1, 32]) {
        const best = servers.map(() => ({ cpu: Number.POSITIVE_INFINITY, rate: 0 }));
        for (let run = 0; run < Number(values.runs); run++) {
          for (const [i, server] of servers.entries()) {
            const before = server.cpu();
            const count = await load(server, await callOf(server, request), connections, Number(values.seconds));
            best[i].cpu = Math.min(best[i].cpu, ((server.cpu() - before) * 10_000) / count);
            best[i].rate = Math.max(best[i].rate, count / Number(values.seconds));
          }
        }
        const cells = best.map(({ cpu, rate }) => `${cpu.toFixed(2)} (${rate.toFixed(0)})`);
        const ratio = best.length > 1 ? [(best[0].cpu / best[1].cpu).toFixed(2), request.budget] : [];
        row(request.what, connections, ...cells, ...ratio);
      }
    }
    row('RSS after this, MiB', '', ...servers.map((server) => server.rss().toFixed(0)), ...(names.length > 1 ? ['', ''] : []));
  });
}

/** From the start of a write to the answer of the query that waited for it. */
async function wakeUps(server, query, write) {
  const times = [];
  for (let i = 0; i < 200; i++) {
    const { headers } = await server.call(query);
    const blocked = server.ask(`${query}${query.includes('?') ? '&' : '?'}index=${headers['x-consul-index']}&wait=1m`);
    await pause(5);
    const began = performance.now();
    await Promise.all([blocked.then(() => times.push(performance.now() - began)), write(i)]);
  }
  return times;
}

async function measureWakeUps() {
  await withServers(async (servers) => {
    console.log('\nWake-up of a blocking query: start of the write to the answer, milliseconds, median (99th percentile) of 200\n');
    head('query', ...names);
    const kinds = {
      kv: (server) => wakeUps(server, '/v1/kv/wake', (i) => server.ask('/v1/kv/wake', { method: 'PUT', body: `v${i}` })),
      'health/service': (server) => wakeUps(server, '/v1/health/service/web', (i) => register(server, { ...instance(1), Port: 9000 + i })),
    };
    for (const server of servers) {
      await register(server, instance(1));
      await server.ask('/v1/kv/wake', { method: 'PUT', body: 'x' });
    }
    for (const [kind, measure] of Object.entries(kinds)) {
      const cells = [];
      for (const server of servers) {
        const times = await measure(server);
        cells.push(`${median(times).toFixed(2)} (${percentile(times, 99).toFixed(2)})`);
      }
      row(kind, ...cells);
    }
  });
}

async function measureStart() {
  const times = names.map(() => []);
  for (let run = 0; run < 7; run++) {
    for (const [i, name] of names.entries()) {
      const server = await Server.start(name, values);
      times[i].push(server.startMs);
      await server.stop();
    }
  }
  console.log('\nFrom exec to a leader, milliseconds, median (least) of 7\n');
  head(...names);
  row(...times.map((found) => `${median(found).toFixed(0)} (${Math.min(...found).toFixed(0)})`));
}

/** Many services, many queries that wait, each for a service of its own; then writes that concern one each. */
async function measureScale() {
  const services = Number(values.services);
  const blocked = Number(values.blocked);
  console.log(`\n${services} services, ${blocked} blocking queries, each for one service; 200 writes\n`);
  head('', 'RSS, MiB: services', '… with the queries', 'write, median ms', '99th percentile', 'queries that woke');
  for (const name of names) {
    const server = await Server.start(name, values);
    try {
      const numbers = Array.from({ length: services }, (_, i) => i);
      const one = (i, port) => ({
        Node: `node-${i % 100}`,
        Address: '127.0.0.1',
        Service: { ID: `s-${i}`, Service: `s-${i}`, Port: port },
      });
      const put = (i, port) => server.ask('/v1/catalog/register', { method: 'PUT', body: one(i, port) });
      const worker = async () => {
        for (let i = numbers.pop(); i !== undefined; i = numbers.pop()) await put(i, 80);
      };
      await Promise.all(Array.from({ length: 32 }, worker));
      await pause(1000);
      const rssBefore = server.rss();
      const { headers } = await server.call('/v1/health/service/s-0');
      const many = new Agent({ keepAlive: true, maxSockets: blocked });
      const index = Number(headers['x-consul-index']) + services;
      let woke = 0;
      const waiting = [];
      for (let i = 0; i < blocked; i++) {
        const path = `/v1/health/service/s-${i}`;
        const own = i < 1000 ? (await server.call(path)).headers['x-consul-index'] : index;
        waiting.push(
          server.ask(`${path}?index=${own}&wait=10m`, { agent: many }).then(
            () => woke++,
            () => undefined,
          ),
        );
        if (i % 200 === 199) await pause(20);
      }
      await pause(2000);
      const rssAfter = server.rss();
      const times = [];
      for (let i = 0; i < 200; i++) {
        const began = performance.now();
        await put(i, 81);
        times.push(performance.now() - began);
      }
      await pause(500);
      const cells = [rssBefore.toFixed(0), rssAfter.toFixed(0), median(times).toFixed(2), percentile(times, 99).toFixed(2), woke];
      row(name, ...cells);
      many.destroy();
      await Promise.all(waiting);
    } finally {
      await server.stop();
    }
  }
}

async function measureMemory() {
  const writes = Number(values.writes);
  console.log(`\nRSS in MiB over ${writes} writes to 1,000 keys\n`);
  head('', 'before', '25 %', '50 %', '75 %', '100 %');
  for (const name of names) {
    const server = await Server.start(name, values);
    try {
      const cells = [server.rss().toFixed(0)];
      let next = 0;
      const worker = async () => {
        while (next < writes) {
          const i = next++;
          await server.ask(`/v1/kv/key-${i % 1000}`, { method: 'PUT', body: `value ${i}` });
          if (i % (writes / 4) === writes / 4 - 1) cells.push(server.rss().toFixed(0));
        }
      };
      await Promise.all(Array.from({ length: 32 }, worker));
      row(name, ...cells);
    } finally {
      await server.stop();
    }
  }
}

if (names.length === 1) console.log('No Consul: set CONSUL_BIN, or put consul on the PATH, to compare.');
if (parts.has('start')) await measureStart();
if (parts.has('load')) await measureLoad();
if (parts.has('wake')) await measureWakeUps();
if (parts.has('scale')) await measureScale();
if (parts.has('memory')) await measureMemory();
