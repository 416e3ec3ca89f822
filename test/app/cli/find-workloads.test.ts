import { describe, expect, it } from 'vitest';
import { distinct, findWorkloads, nothingCalled } from '../../../src/app/cli/find-workloads.ts';
import { workload } from './report.ts';

const instance = (id: string, node: string) => ({ id, node, address: '127.5.0.1:9090', health: 'passing' });
const service = (name: string, ...instances: ReturnType<typeof instance>[]) => ({ name, datacenter: 'dc1', protocol: 'http', instances });
const pod = (name: string, generation?: number) =>
  workload(name, { id: `k8s_config.web/${name}/app`, ...(generation === undefined ? {} : { generation }) });

describe('what has taken the place of another one', () => {
  const workloads = [workload('payments', { generation: 2 }), pod('web-0', 2), pod('web-1', 2)];
  const services = [
    service('payments', instance('payments-2', 'payments')),
    service('web', instance('web-0-web-2', 'k3s'), instance('web-1-web-2', 'k3s')),
  ];

  it.each([
    ['payments', ['payments']],
    ['container.payments', ['payments']],
    ['web', ['web-0', 'web-1']],
    ['web-1', ['web-1']],
    ['web-1/app', ['web-1']],
    ['k8s_config.web/web-0/app', ['web-0']],
    ['web-2', []],
  ])('is found as before: %s', (name, found) => {
    expect(findWorkloads(name, { workloads, services }).map((one) => one.name)).toEqual(found);
  });

  it('is told from that one while both run, by their blueprints', () => {
    const old = workload('payments', { owners: ['v1'] });
    const both = [old, workload('payments', { generation: 2, owners: ['v2', 'v3'] }), workload('web')];
    expect(both.map((one) => distinct(one, ({ name }) => name, both))).toEqual(['payments (v1)', 'payments (v2, v3)', 'web']);
    const instances = [instance('web-0-web', 'k3s'), instance('web-0-web-2', 'k3s')];
    const pods = [pod('web-0'), pod('web-0', 2)];
    expect(findWorkloads('web', { workloads: pods, services: [service('web', ...instances)] })).toEqual(pods);
  });
});

describe('what is not found', () => {
  const services = [service('web', instance('web-elsewhere', 'a-server'))];

  it('is not what was asked for', () => {
    expect(nothingCalled('wbe', { workloads: [], services })).toMatchObject({ hint: 'did you mean "web"?' });
    expect(nothingCalled('web', { workloads: [], services })).toMatchObject({
      message: 'none of the workloads here is an instance of service web',
      hint: 'mesh status web',
    });
  });
});
