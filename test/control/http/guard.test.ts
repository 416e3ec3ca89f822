import { describe, expect, it } from 'vitest';
import { refusal } from '../../../src/control/http/guard.ts';

const from = (host: string | undefined, more: { origin?: string; site?: string } = {}, bound = '127.0.0.1') =>
  refusal({ host, origin: more.origin, secFetchSite: more.site }, { boundAddress: bound, scheme: 'http' });

describe('refusal', () => {
  it.each([['127.0.0.1:8500'], ['127.5.0.1:8500'], ['localhost'], ['LOCALHOST:8500'], ['[::1]:8500'], [undefined]])(
    'lets %s in',
    (host) => {
      expect(from(host)).toBeUndefined();
    },
  );

  it.each([['evil.example:8500'], ['127.0.0.1.evil.example'], ['10.0.0.5:8500'], ['localhost.evil'], ['a b'], ['[::1'], ['']])(
    'refuses the host %s',
    (host) => {
      expect(from(host)).toContain(JSON.stringify(host));
    },
  );

  it('takes the address that it is bound to, and any address when bound to all', () => {
    expect(from('10.0.0.5:8500', {}, '10.0.0.5')).toBeUndefined();
    expect(from('10.0.0.5:8500', {}, '0.0.0.0')).toBeUndefined();
    expect(from('evil.example:8500', {}, '0.0.0.0')).toBeDefined();
  });

  it('refuses pages of other sites, and takes its own', () => {
    expect(from('localhost:8500', { origin: 'http://localhost:8500', site: 'same-origin' })).toBeUndefined();
    expect(from('localhost:8500', { site: 'none' })).toBeUndefined();
    expect(from('localhost:8500', { origin: 'https://evil.example' })).toContain('https://evil.example');
    expect(from('localhost:8500', { origin: 'http://localhost:3000' })).toBeDefined();
    expect(from('localhost:8500', { origin: 'null' })).toBeDefined();
    expect(from('localhost:8500', { site: 'cross-site' })).toBeDefined();
    expect(from('localhost:8500', { site: 'same-site' })).toBeDefined();
  });
});
