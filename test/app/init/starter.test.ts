import { describe, expect, it } from 'vitest';
import { openedServices, type Starter, starterBlueprint, starterReadme } from '../../../src/app/init/starter.ts';
import type { ProcessSpec } from '../../../src/blueprints/process/spec.ts';
import { load } from '../../blueprints/fixture.ts';
import { workspace } from '../../blueprints/workspace.ts';

const service = (name: string, port: number, ...command: string[]) => ({ name, port, command });

/** Not an expression of the blueprint. */
const WITH_BRACE = `echo "\${X}" && ./pay`;

const SHOP: Starter = {
  services: [service('web', 8080, 'node', 'web.js'), service('payments', 9091, 'sh', '-c', WITH_BRACE), service('stock', 80, './stock')],
  calls: [
    { from: 'web', to: 'payments' },
    { from: 'web', to: 'stock' },
    { from: 'payments', to: 'stock' },
    { from: 'web', to: 'stock' },
  ],
  protocol: 'http',
  workingDirectory: '.',
  title: 'shop',
};

describe('the starter blueprint', () => {
  it('loads without a word, and says what was answered', async () => {
    const { graph, diagnostics } = await load(workspace({ 'main.hcl': starterBlueprint(SHOP), 'README.md': starterReadme(SHOP) }));
    expect(diagnostics).toEqual([]);
    expect(graph!.blueprint.metadata).toMatchObject({ title: 'shop' });
    expect(graph!.resources.map(({ key }) => key).toSorted()).toEqual([
      'config_entry.service-defaults/payments',
      'config_entry.service-defaults/stock',
      'config_entry.service-defaults/web',
      'intention.others-to-payments',
      'intention.others-to-stock',
      'intention.payments-to-stock',
      'intention.web-to-payments',
      'intention.web-to-stock',
      'process.payments',
      'process.stock',
      'process.web',
    ]);
    const payments = graph!.resources.find(({ key }) => key === 'process.payments')!.spec as ProcessSpec;
    expect(payments.workload.command).toEqual(['sh', '-c', WITH_BRACE]);
    expect(payments.services[0]!.sidecar!.upstreams).toMatchObject([{ service: 'stock', localPort: 9092 }]);
  });

  it('opens ports of this machine for those that nobody calls, and not those that a program may take itself', () => {
    const ports = (...services: Starter['services'][number][]) => openedServices({ services, calls: [] }).map(({ hostPort }) => hostPort);
    expect(ports(service('a', 8080), service('b', 8080), service('c', 65000))).toEqual([18080, 18081, 15000]);
    expect(openedServices(SHOP).map(({ hostPort }) => hostPort)).toEqual([18080, undefined, undefined]);
  });
});
