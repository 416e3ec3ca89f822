import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../processes.mjs';
import { AgentWorld } from './agent.mjs';
import { startApp } from './apps.mjs';
import { call, Traffic } from './client.mjs';
import { budget, head, percentile, row, title } from './report.mjs';

const routerTo = (service) => ({
  Kind: 'service-router',
  Name: 'payments',
  Routes: [{ Match: { HTTP: { PathPrefix: '/api' } }, Destination: { Service: service } }],
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

/** Milliseconds from the start of each write to the first answer that shows it, of a client that asks without a pause. */
async function effects({ mesh, client }, writes) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let i = 0; i < writes; i++) {
    const [service, text] = i % 2 === 0 ? ['payments-2', 'two'] : ['payments', 'one'];
    const began = performance.now();
    const written = mesh.write(routerTo(service));
    while ((await call(client, { agent })).text !== text);
    times.push(performance.now() - began);
    await written;
    await sleep(20);
  }
  agent.destroy();
  return times;
}

export async function measureWrites() {
  title('From the start of `config write` to its effect on a request, 100 sidecars, milliseconds of 60 writes');
  head('the upstream that it changes', 'p50', 'p99');
  for (const shared of [false, true]) {
    const of = await world(100, shared);
    try {
      await effects(of, 10);
      const times = await effects(of, 60);
      row(
        shared ? 'is that of all sidecars' : 'is that of one sidecar',
        percentile(times, 50).toFixed(1),
        percentile(times, 99).toFixed(1),
      );
      if (shared) continue;
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
