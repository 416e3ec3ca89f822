import { describe, expect, it } from 'vitest';
import { emptyDraft } from '../../src/compile/chain-draft.ts';
import { resolve } from '../../src/compile/resolve.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

describe('resolve', () => {
  const s = snapshotOf(put('service-defaults', 'other', { Protocol: 'http' }));
  const draft = () => emptyDraft(s, { dc: 'dc1', service: 'payments', trustDomain: 'td' });

  it('makes one node for each target, however often it is asked', () => {
    const chain = draft();
    const first = resolve(chain, { service: 'payments', subset: '', datacenter: 'dc1' });
    expect(resolve(chain, { service: 'payments', subset: '', datacenter: 'dc1' })).toEqual(first);
    resolve(chain, { service: 'payments', subset: '', datacenter: 'dc2' });
    expect([...chain.nodes.keys()]).toEqual(['resolver:payments.default.default.dc1', 'resolver:payments.default.default.dc2']);
  });

  it('refuses a service whose protocol is not that of the first', () => {
    const chain = draft();
    resolve(chain, { service: 'payments', subset: '', datacenter: 'dc1' });
    expect(() => resolve(chain, { service: 'other', subset: '', datacenter: 'dc1' })).toThrow(
      'discovery chain "payments" uses inconsistent protocols; service "other" has "http" which is not "tcp"',
    );
  });
});
