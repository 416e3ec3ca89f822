import { describe, expect, it } from 'vitest';
import { buildSettings } from '../../src/agent-config/build.ts';
import { configOfFlags } from '../../src/agent-config/flags.ts';
import { read } from './read.ts';

const flags = (words: Record<string, readonly string[]>) => configOfFlags(new Map(Object.entries(words)));

describe('settings', () => {
  it("are Consul's defaults where nothing is said", () => {
    expect(read().settings).toMatchObject({
      dev: false,
      datacenter: 'dc1',
      http: [{ host: '127.0.0.1', port: 8500 }],
      https: [],
      grpc: [],
      dns: [{ host: '127.0.0.1', port: 8600 }],
      acl: { enabled: false, defaultPolicy: 'allow', downPolicy: 'extend-cache', tokens: {} },
      tls: { https: { minVersion: 'TLSv1.2', verifyIncoming: false } },
      dnsSettings: { domain: 'consul', allowStale: true, udpAnswerLimit: 3, soa: { refresh: 3600, retry: 600, expire: 86_400, minTtl: 0 } },
      defaultQueryTimeMs: 300_000,
      maxQueryTimeMs: 600_000,
      scriptChecks: 'off',
      compat: 'newer',
      services: [],
      entries: [],
    });
  });

  it('of several files add up', () => {
    const { settings } = read(
      'datacenter = "one" recursors = ["1.1.1.1"] node_meta { a = "1" } service { name = "web" } ports { http = 1 dns = 2 }',
      'datacenter = "TWO" recursors = ["8.8.8.8"] node_meta { b = "2" } service { name = "api" } ports { http = 3 }',
    );
    expect(settings).toMatchObject({
      datacenter: 'two',
      dnsSettings: { recursors: ['1.1.1.1', '8.8.8.8'] },
      nodeMeta: { a: '1', b: '2' },
      services: [{ Name: 'web' }, { Name: 'api' }],
      http: [{ port: 3 }],
      dns: [{ port: 2 }],
    });
  });

  it('keep names that objects have by themselves', () => {
    const { settings } = read('{"node_meta": {"__proto__": "x"}}', '{"node_meta": {"constructor": "y"}}');
    expect(Object.entries(settings.nodeMeta)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('of -dev are in memory, with gRPC and pages', () => {
    const { settings, problems } = buildSettings({ config: {}, ranges: new Map(), entries: [] }, { dev: true, needsDataDir: true });
    expect(problems).toEqual([]);
    expect(settings).toMatchObject({ dev: true, server: true, ui: true, grpc: [{ host: '127.0.0.1', port: 8502 }] });
  });

  it('want a folder, as Consul', () => {
    const { problems } = buildSettings({ config: {}, ranges: new Map(), entries: [] }, { dev: false, needsDataDir: true });
    expect(problems.map(({ summary }) => summary)).toEqual(['data_dir cannot be empty']);
  });
});

it('services and checks become what registers them', () => {
  const { settings } = read(`
service {
  name = "web"
  id   = "web-1"
  port = 80
  tagged_addresses { lan { address = "10.0.0.1" port = 81 } }
  meta { some_key = "x" }
  enable_tag_override = true
  check {
    http = "https://localhost"
    tls_skip_verify = true
    header { X-Under_Score = ["a"] }
    deregister_critical_service_after = "90m"
    interval = "10s"
  }
  connect { sidecar_service { proxy { upstreams { destination_name = "db" local_bind_port = 9191 } } } }
}
checks = [{ id = "mem", name = "memory", args = ["true"], interval = "5s" }, { check_id = "up", grpc = "localhost:1/x", grpc_use_tls = true }]`);
  expect(settings.services).toEqual([
    {
      Name: 'web',
      ID: 'web-1',
      Port: 80,
      TaggedAddresses: { lan: { Address: '10.0.0.1', Port: 81 } },
      Meta: { some_key: 'x' },
      EnableTagOverride: true,
      Check: {
        HTTP: 'https://localhost',
        TLSSkipVerify: true,
        Header: { 'X-Under_Score': ['a'] },
        DeregisterCriticalServiceAfter: '90m',
        Interval: '10s',
      },
      Connect: { SidecarService: { Proxy: { Upstreams: [{ DestinationName: 'db', LocalBindPort: 9191 }] } } },
    },
  ]);
  expect(settings.checks).toEqual([
    { ID: 'mem', Name: 'memory', ScriptArgs: ['true'], Interval: '5s' },
    { CheckID: 'up', GRPC: 'localhost:1/x', GRPCUseTLS: true },
  ]);
});

describe('certificates', () => {
  const ALL = { caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem', minVersion: 'TLSv1.3', verifyIncoming: true };

  it.each([
    ['tls { defaults { ca_file = "ca.pem" cert_file = "c.pem" key_file = "k.pem" tls_min_version = "TLSv1_3" verify_incoming = true } }'],
    ['ca_file = "ca.pem" cert_file = "c.pem" key_file = "k.pem" tls_min_version = "tls13" verify_incoming = true'],
  ])('are those of all listeners: %s', (text) => {
    const { settings, refusal } = read(text);
    expect(refusal).toBe('');
    expect(settings.tls).toMatchObject({ https: ALL, grpc: ALL, internalRpc: ALL });
  });

  it('are asked for by one listener alone', () => {
    const { tls } = read('ca_file = "ca.pem" verify_incoming_https = true').settings;
    expect([tls.https.verifyIncoming, tls.grpc.verifyIncoming, tls.internalRpc.verifyIncoming]).toEqual([true, false, false]);
    const own = read('tls { defaults { ca_file = "a" verify_incoming = true } grpc { verify_incoming = false ca_file = "b" } }').settings
      .tls;
    expect([own.https, own.grpc]).toMatchObject([
      { caFile: 'a', verifyIncoming: true },
      { caFile: 'b', verifyIncoming: false },
    ]);
  });
});

it('settings of the CA have the names of the API', () => {
  const { connect } = read('connect { ca_config { leaf_cert_ttl = "1h" RotationPeriod = "2h" other_thing = 1 } }').settings;
  expect(connect).toEqual({ enabled: true, caProvider: 'consul', caConfig: { LeafCertTTL: '1h', RotationPeriod: '2h', other_thing: 1 } });
});

it('old and new names of tokens mean the same', () => {
  const wanted = { initialManagement: 'm', agent: 'a', default: 'd' };
  for (const text of [
    'acl { enabled = true default_policy = "deny" tokens { initial_management = "m" agent = "a" default = "d" } }',
    'acl { enabled = true default_policy = "deny" tokens { master = "m" agent = "a" default = "d" } }',
    'acl_datacenter = "dc1" acl_default_policy = "deny" acl_master_token = "m" acl_agent_token = "a" acl_token = "d"',
  ])
    expect(read(text).settings.acl, text).toMatchObject({ enabled: true, defaultPolicy: 'deny', tokens: wanted });
});

it('flags are lists before the files, and other values after them', () => {
  expect(
    flags({
      'http-port': ['-1'],
      'retry-join': ['a', 'b'],
      dev: ['true'],
      ui: ['false'],
      'node-meta': ['zone:a:b', 'x'],
      client: ['0.0.0.0'],
    }),
  ).toEqual({
    lists: { retry_join: ['a', 'b'] },
    values: { client_addr: '0.0.0.0', ports: { http: -1 }, node_meta: { zone: 'a:b', x: '' }, ui: false },
  });
  expect(flags({ 'dns-port': ['x'] }).error).toBe('invalid value "x" for flag -dns-port: strconv.Atoi: parsing "x": invalid syntax');
});
