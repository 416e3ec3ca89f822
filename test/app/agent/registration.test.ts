import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksOf, nodeChecks, nodeOf, readyOutput, serviceOf, sidecarOf } from '../../../src/app/agent/registration.ts';
import type { Registration } from '../../../src/blueprints/context.ts';
import { emptySnapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import { gateway, pod, reach, vm } from './registrations.ts';

const plain: Registration = { ...vm, service: { ...vm.service, checks: [] } };
delete (plain.service as { sidecar?: unknown }).sidecar;

function projected(registration: Registration) {
  return {
    node: nodeOf(registration, 'dc1', '6b5b9b6e-0000-4000-8000-000000000001', reach),
    services: [serviceOf(registration, reach), ...(registration.service.sidecar ? [sidecarOf(registration, reach)] : [])],
    checks: [...nodeChecks(registration), ...checksOf(registration, 'passing', 'critical')],
  };
}

/** test/golden/registration; UPDATE_GOLDEN=1 writes what is made now: read the difference before committing it. */
describe('what stands in the catalog for', () => {
  it.each([
    ['vm', vm],
    ['pod', pod],
    ['plain', plain],
    ['gateway', gateway],
  ])('a service: %s', (name, registration) => {
    const path = join(import.meta.dirname, `../../golden/registration/${name}.json`);
    const text = `${JSON.stringify(projected(registration), undefined, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text);
    expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  });

  it.each([vm, pod, plain, gateway])('each is something that the catalog takes', (registration) => {
    const done = transact(emptySnapshot(['dc1']), { type: 'register', dc: 'dc1', ...projected(registration) });
    expect(done.applied).toBe(true);
  });

  it('a sidecar without a port of its own is on the first of its kind', () => {
    expect(sidecarOf(vm, reach).Port).toBe(21000);
    expect(sidecarOf(pod, reach).Port).toBe(20005);
  });
});

it('says of a ready pod what consul-k8s says, and of everything else that it is ready', () => {
  expect(readyOutput(pod.service, 'default/web-0-web')).toBe('Kubernetes health checks passing');
  expect(readyOutput(vm.service, 'health')).toBe('ready');
});
