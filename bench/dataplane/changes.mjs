import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../processes.mjs';
import { AgentWorld } from './agent.mjs';
import { startApp } from './apps.mjs';
import { call, Traffic } from './client.mjs';
import { budget, head, percentile, row, title } from './report.mjs';

const route = (PathPrefix, Service) => ({ Match: { HTTP: { PathPrefix } }, Destination: { Service } });
/** `inUse`: other routes lead to both services, so that there are connections to either. */
const routerTo = (service, inUse = false) => ({
  Kind: 'service-router',
  Name: 'payments',
  Routes: [route('/api', service), ...(inUse ? [route('/one', 'payments'), route('/two', 'payments-2')] : [])],
});

const intention = (sources) => ({ Kind: 'service-intentions', Name: 'payments', Sources: sources });
const allow = (Name) => ({ Name, Action: 'allow' });

/** web, payments and payments-2 with applications that answer their names; then services up to so many sidecars, each the upstream of the next. */
async function world(count, shared) {
  const mesh = await AgentWorld.start();
  const apps = [await startApp({ args: ['one'] }), await startApp({ args: ['two'] })];
  const [client, unused, ...more] = await freePorts(2 + count);
  await mesh.write({ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' } });
  await mesh.register('payments', apps[0].port);
  await mesh.register('payments-2', apps[1].port);
  await mesh.register('web', unused, { upstreams: { [client]: 'payments' } });
  for (let i = 3; i < count; i++)
    await mesh.register(`other-${i}`, unused, { upstreams: { [more[i]]: shared ? 'payments' : `other-${i === 3 ? count - 1 : i - 1}` } });
  await mesh.serves(client);
  await sleep(1_000);
  return {
    mesh,
    client,
    async stop() {
      await mesh.stop();
      for (const app of apps) await app.stop();
    },
  };
}

/** Milliseconds from the start of each write to that of the first request that it meets, of a client that asks without a pause. */
async function effects({ mesh, client }, writes, inUse) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let i = 0; i < writes; i++) {
    const [service, text] = i % 2 === 0 ? ['payments-2', 'two'] : ['payments', 'one'];
    if (inUse && i > 0) for (const path of ['/one', '/two']) await call(client, { agent, path });
    const began = performance.now();
    const written = mesh.write(routerTo(service, inUse));
    let asked;
    do asked = performance.now();
    while ((await call(client, { agent })).text !== text);
    times.push(asked - began);
    await written;
    await sleep(20);
  }
  agent.destroy();
  return times;
}

/** Milliseconds of each write of a key, at the same pace: what the disk and the machine take of the above. */
async function keyWrites({ mesh }, writes) {
  const times = [];
  for (let i = 0; i < writes; i++) {
    const began = performance.now();
    await mesh.put('/v1/kv/bench', String(i));
    times.push(performance.now() - began);
    await sleep(20);
  }
  return times;
}

const WRITES = 100;

export async function measureWrites() {
  title(`From the start of \`config write\` to its effect on a request, 100 sidecars, milliseconds of ${WRITES} writes`);
  head('what is written', 'p50', 'p99');
  const say = (what, times) => row(what, percentile(times, 50).toFixed(1), percentile(times, 99).toFixed(1));
  for (const shared of [false, true]) {
    const of = await world(100, shared);
    const whose = shared ? 'all sidecars' : 'one sidecar';
    try {
      await effects(of, 20, true);
      const times = await effects(of, WRITES, true);
      say(`a route of ${whose} to an upstream in use`, times);
      if (shared) continue;
      say(`a route of ${whose} to one that is connected first`, await effects(of, WRITES, false));
      say('a key, until it is written', await keyWrites(of, WRITES));
      budget('p50', percentile(times, 50), 3, { unit: ' ms' });
      budget('p99', percentile(times, 99), 15, { unit: ' ms' });
    } finally {
      await of.stop();
    }
  }
}

/** 20 edits of routes, 20 of intentions and a new root, while requests come without a pause. */
export async function measureEdits() {
  title('20 route edits, 20 intention edits and a new root under constant load');
  const of = await world(6, false);
  const { mesh, client } = of;
  try {
    const traffic = new Traffic(client);
    for (let i = 0; i < 20; i++) {
      await mesh.write(routerTo(i % 2 === 0 ? 'payments-2' : 'payments'));
      await sleep(50);
      await mesh.write(intention(i % 2 === 0 ? [allow('web'), allow('batch')] : [allow('web')]));
      await sleep(50);
      if (i !== 10) continue;
      const config = JSON.parse(await mesh.server.ask('/v1/connect/ca/configuration'));
      const kind = { PrivateKeyType: 'ec', PrivateKeyBits: config.Config.PrivateKeyBits === 384 ? 256 : 384 };
      await mesh.put('/v1/connect/ca/configuration', { ...config, Config: { ...config.Config, ...kind } });
    }
    await sleep(1_000);
    await traffic.stop();
    console.log(`- ${traffic.describe()}`);
    budget('failed requests', traffic.failed, 0);
  } finally {
    await of.stop();
  }
}
