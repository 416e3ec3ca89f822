import { describe, expect, it } from 'vitest';
import { SharedPorts } from '../../../src/app/agent/shared-ports.ts';
import type { Workload } from '../../../src/base/workload.ts';
import type { Driver } from '../../../src/drivers/driver.ts';
import { workload } from './hosted.ts';

const one = (name: string, more: Partial<Workload> = {}): Workload => ({
  ...workload,
  id: name,
  name,
  address: `10.4.0.${name.length}`,
  ports: [{ port: 9090 }],
  serves: 9090,
  ...more,
});

/** Every address answers; `listening`: who has which ports open. */
function ports(others: readonly Workload[], listening: Readonly<Record<string, readonly number[]>>): SharedPorts {
  const driver: Partial<Driver> = {
    probe: () => Promise.resolve(true),
    listening: ({ id }) => Promise.resolve(listening[id]),
  };
  return new SharedPorts(driver as Driver, () => others.map((other) => ({ workload: other })));
}

const TCP = { type: 'tcp', port: 9090 } as const;

describe('SharedPorts', () => {
  const web = one('web');
  const payments = one('payments');

  it('takes no answer of another program for that of this one', async () => {
    expect(await ports([web, payments], { payments: [9090], web: [] }).probe(web, TCP, 100)).toBe(false);
    expect(await ports([web, payments], { payments: [9090] }).probe(payments, TCP, 100)).toBe(true);
    // It listens itself, or something on its behalf does that nobody knows.
    expect(await ports([web, payments], { payments: [9090], web: [9090] }).probe(web, TCP, 100)).toBe(true);
    expect(await ports([web, payments], {}).probe(web, TCP, 100)).toBe(true);
    // Containers are told their address, and those of a pod share one.
    const { serves: _, ...container } = web;
    expect(await ports([container, payments], { payments: [9090], web: [] }).probe(container, TCP, 100)).toBe(true);
    const beside = one('beside', { address: web.address });
    expect(await ports([web, beside], { beside: [9090], web: [] }).probe(web, TCP, 100)).toBe(true);
  });

  it('says whose port it is that a program could not have', async () => {
    const printed = 'Error: listen EADDRINUSE: address already in use :::9090';
    const shared = ports([web, payments], { payments: [9090] });
    expect(await shared.trouble(web, printed)).toContain('port 9090 is held by payments');
    expect(await shared.trouble(web, 'Error: no such table')).toBeUndefined();
  });
});
