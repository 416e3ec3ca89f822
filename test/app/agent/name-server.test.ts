import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { openNameServer } from '../../../src/app/agent/name-server.ts';
import { silentLog } from '../../../src/base/ports.ts';
import { ask } from '../../control/dns/client.ts';
import { openTestPlane, type TestPlane } from '../../control/harness.ts';

const addressOf = (name: string): string | undefined => (name === 'web.container.shipyard.run' ? '127.5.0.110' : undefined);

async function plane(): Promise<TestPlane['plane']> {
  const test = await openTestPlane();
  onTestFinished(() => test[Symbol.asyncDispose]());
  return test.plane;
}

it('knows the names of what runs here, those of host ports, and those of the catalog', async () => {
  const { address } = await openNameServer({ control: await plane(), host: '127.0.0.1', port: 0, addressOf, log: silentLog });
  const port = Number(address.split(':')[1]);
  const answers = async (name: string) => (await ask(port, name, 'A')).answers;
  expect(await answers('web.container.shipyard.run')).toEqual(['web.container.shipyard.run 0 A 127.5.0.110']);
  expect(await answers('web.ingress.shipyard.run')).toEqual(['web.ingress.shipyard.run 0 A 127.0.0.1']);
  expect(await answers('local.node.consul')).toEqual(['local.node.consul 0 A 127.0.0.1']);
  expect(await ask(port, 'other.container.shipyard.run', 'A')).toMatchObject({ rcode: 'REFUSED' });
});

it('moves when its usual port is taken, and not when it was told to be there', async () => {
  const taken = createSocket('udp4');
  taken.bind(0, '127.0.0.2');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const control = await plane();
  const told = { control, host: '127.0.0.2', addressOf, log: silentLog };
  await expect(openNameServer({ ...told, port: taken.address().port })).rejects.toThrow('EADDRINUSE');
  // Whoever has Consul's port on that address, if anybody: it ends up on one that is free.
  const first = await openNameServer({ ...told, port: undefined });
  const second = await openNameServer({ ...told, port: undefined });
  expect(second.address).not.toBe(first.address);
});
