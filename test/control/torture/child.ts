/** A whole control plane, durable, in a process of its own: `child DIR`. Prints its port, and lives until it is killed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openControlPlane } from '../../../src/control/plane.ts';

const plane = await openControlPlane({
  dir: process.argv[2]!,
  durable: true,
  datacenter: 'dc1',
  nodeName: 'local',
  clock: { now: () => Date.now(), sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }) },
  random: { next: () => Math.random(), uuid: () => randomUUID() },
  log: { log: (level, message, fields) => void (level === 'error' && process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)) },
});
const { port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${port}\n`);
