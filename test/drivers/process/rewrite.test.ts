import { describe, expect, it } from 'vitest';
import { type RewriteContext, rewriteEnv, rewriteText } from '../../../src/drivers/process/rewrite.ts';

const NAMES: Record<string, string> = { 'payments.container.shipyard.run': '10.5.0.110', 'db.internal': '10.5.0.110' };
const ADDRESSES: Record<string, string> = { '10.5.0.100': '127.5.0.100', '10.5.0.110': '127.5.0.111' };

/** `web` at 10.5.0.100 with an application on 9090 and an upstream on 9091; payments at 10.5.0.110, whose natural place was taken. */
const loopback: RewriteContext = {
  self: '10.5.0.100',
  localPorts: new Set([9090, 9091]),
  reach: (address, port) => (ADDRESSES[address] ? { address: ADDRESSES[address], port: port ?? 0 } : undefined),
  resolve: (name) => NAMES[name],
  mounts: [
    { destination: '/config', path: '/home/u/v2/config' },
    { destination: '/config/tls/', path: '/home/u/secrets' },
    { destination: '/home/u', path: '/elsewhere' },
  ],
};

/** Every instance shares 127.0.0.1, so the ports move. */
const ports: RewriteContext = {
  ...loopback,
  reach: (address, port) =>
    ADDRESSES[address] ? { address: '127.0.0.1', port: (port ?? 0) + (address.endsWith('110') ? 31_000 : 30_000) } : undefined,
};

describe('text that a workload reads', () => {
  it.each([
    // Listen addresses.
    ['0.0.0.0:9090', '127.5.0.100:9090'],
    ['[::]:9090', '127.5.0.100:9090'],
    ['0.0.0.0:8080', '127.5.0.100:8080'],
    ['tcp://0.0.0.0:9090', 'tcp://127.5.0.100:9090'],
    ['--listen=0.0.0.0:9090', '--listen=127.5.0.100:9090'],
    // Localhost with the instance's own ports and its upstreams'.
    ['127.0.0.1:9090', '127.5.0.100:9090'],
    ['localhost:9090', '127.5.0.100:9090'],
    ['http://localhost:9091', 'http://127.5.0.100:9091'],
    ['http://127.0.0.1:9091/a/b?c=d#e', 'http://127.5.0.100:9091/a/b?c=d#e'],
    ['http://user:secret@localhost:9091/', 'http://user:secret@127.5.0.100:9091/'],
    // Virtual addresses in use.
    ['10.5.0.110', '127.5.0.111'],
    ['10.5.0.110:9090', '127.5.0.111:9090'],
    ['http://10.5.0.110:9090', 'http://127.5.0.111:9090'],
    ['http://user@10.5.0.110:9090/x', 'http://user@127.5.0.111:9090/x'],
    ['grpc://10.5.0.110:9090', 'grpc://127.5.0.111:9090'],
    ['http://10.5.0.110/path', 'http://127.5.0.111/path'],
    ['peer is 10.5.0.110.', 'peer is 127.5.0.111.'],
    // Names.
    ['payments.container.shipyard.run', '127.5.0.111'],
    ['http://payments.container.shipyard.run:9090/x', 'http://127.5.0.111:9090/x'],
    ['postgres://u:p@db.internal:5432/shop', 'postgres://u:p@127.5.0.111:5432/shop'],
    // Lists and JSON.
    ['http://10.5.0.110:9090,http://localhost:9091', 'http://127.5.0.111:9090,http://127.5.0.100:9091'],
    ['10.5.0.100,10.5.0.110', '127.5.0.100,127.5.0.111'],
    ['{"upstream":"10.5.0.110:9090","n":1}', '{"upstream":"127.5.0.111:9090","n":1}'],
    ['["localhost:9091"]', '["127.5.0.100:9091"]'],
    // Paths of mounts.
    ['/config', '/home/u/v2/config'],
    ['/config/x.hcl', '/home/u/v2/config/x.hcl'],
    ['--config=/config/x.hcl', '--config=/home/u/v2/config/x.hcl'],
    ['/config/tls/key.pem', '/home/u/secrets/key.pem'],
    ['/config:/config/tls', '/home/u/v2/config:/home/u/secrets'],
    ['sh -c "cat /config/a /home/u/b"', 'sh -c "cat /home/u/v2/config/a /elsewhere/b"'],
  ])('%s -> %s', (text, expected) => {
    expect(rewriteText(text, loopback)).toBe(expected);
  });

  it.each([
    '1.2.3.4.5',
    '10.5.0.1100',
    '10.5.0.110.1',
    '110.5.0.110',
    'v10.5.0.110',
    'release-10.5.0.110',
    '10.5.0.110-rc1',
    '10.5.0.110:70000',
    '10.5.0.77:9090',
    '999.5.0.110',
    '0.0.0.0',
    '0.0.0.0/0',
    '[::]',
    '[::1]:9091',
    'fe80::1',
    'localhost',
    '127.0.0.1',
    'localhost:5432',
    'http://127.0.0.1:8500/v1/agent/self',
    'mylocalhost:9091',
    'localhost.example.com:9091',
    'payments',
    'payments:9090',
    'other.container.shipyard.run:9090',
    'payments.container.shipyard.run.example.com',
    'my-payments.container.shipyard.run',
    'nicholasjackson/fake-service:v0.24.2',
    '12:30:45',
    '50%',
    '',
    '/configuration',
    '/config.d/x',
    '/etc/config/x',
    'http://example.com/config/x',
  ])('leaves %j alone', (text) => {
    expect(rewriteText(text, loopback)).toBe(text);
  });

  it.each([
    ['0.0.0.0:9090', '127.0.0.1:39090'],
    ['http://localhost:9091', 'http://127.0.0.1:39091'],
    ['http://10.5.0.110:9090/x', 'http://127.0.0.1:40090/x'],
    ['payments.container.shipyard.run:9090', '127.0.0.1:40090'],
    ['10.5.0.110', '127.0.0.1'],
    ['localhost:5432', 'localhost:5432'],
  ])('moves the port too where addresses are shared: %s -> %s', (text, expected) => {
    expect(rewriteText(text, ports)).toBe(expected);
  });
});

describe('short names', () => {
  const pod: RewriteContext = {
    ...loopback,
    resolve: (name) => ({ payments: '10.5.0.110', archive: '192.0.2.7', me: '127.0.0.1' })[name],
    reach: (address, port) => {
      const reachable = ADDRESSES[address];
      return reachable === undefined ? undefined : { address: reachable, port: port === 80 ? 38_080 : (port ?? 0) };
    },
  };

  it.each([
    ['http://payments:9090/a', 'http://127.5.0.111:9090/a'],
    ['http://user:secret@payments:9090', 'http://user:secret@127.5.0.111:9090'],
    ['payments:9090', '127.5.0.111:9090'],
    ['a,payments:9090;payments:9091', 'a,127.5.0.111:9090;127.5.0.111:9091'],
    ['--to=payments:9090', '--to=127.5.0.111:9090'],
    ['user:secret@payments:5432/db', 'user:secret@127.5.0.111:5432/db'],
    ['tcp(payments:3306)', 'tcp(127.5.0.111:3306)'],
    // The port that the scheme means may have moved.
    ['http://payments', 'http://127.5.0.111:38080'],
    ['http://payments/a', 'http://127.5.0.111:38080/a'],
    ['https://payments/a', 'https://127.5.0.111/a'],
    ['redis://payments', 'redis://127.5.0.111'],
    // Names of a pod's /etc/hosts need not be ours.
    ['http://archive:8080', 'http://192.0.2.7:8080'],
    ['http://me:9090', 'http://127.5.0.100:9090'],
    ['http://me:1234', 'http://127.0.0.1:1234'],
  ])('%s -> %s', (text, expected) => {
    expect(rewriteText(text, pod)).toBe(expected);
  });

  it.each([
    'payments',
    'payments-v2:9090',
    'my-payments:9090',
    'repo/payments:9090',
    'a:payments:9090',
    'the payments of http',
    'payments:latest',
  ])('leaves %j alone', (text) => {
    expect(rewriteText(text, pod)).toBe(text);
  });
});

describe('environment', () => {
  it.each([
    ['LISTEN_ADDR', ':9090', '127.5.0.100:9090'],
    ['BIND', ':8080', '127.5.0.100:8080'],
    ['HTTP_ADDRESS', '0.0.0.0:9090', '127.5.0.100:9090'],
    ['UPSTREAM_URIS', 'http://localhost:9091', 'http://127.5.0.100:9091'],
  ])('%s=%s becomes %s, and the original stays readable', (name, value, expected) => {
    expect(rewriteEnv({ [name]: value }, loopback)).toEqual({ [name]: expected, [`MESH_ORIGINAL_${name}`]: value });
  });

  it.each([
    ['NAME', 'web'],
    ['RATIO', ':9090'],
    ['LISTEN_ADDR', ':9090/x'],
    ['BIND', ''],
  ])('%s=%s stays', (name, value) => {
    expect(rewriteEnv({ [name]: value }, loopback)).toEqual({ [name]: value });
  });
});
