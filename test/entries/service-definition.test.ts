import { describe, expect, it } from 'vitest';
import { describeRange, type Range } from '../../src/base/source.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { decodeServiceDefinitions } from '../../src/entries/service-definition.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

const read = (text: string) => decodeServiceDefinitions(decodeConsulText({ name: 'svc.hcl', text }).value);
const errors = (text: string) => read(text).problems.filter((p) => p.severity === 'error');
const textOf = ({ source, start, end }: Range) => source.text.slice(start, end);

const payments = {
  name: 'payments',
  id: 'payments-v1',
  port: 9090,
  address: '10.5.0.110',
  tags: ['v1'],
  meta: { version: '1' },
  checks: [
    {
      id: 'service:payments-v1',
      name: "Service 'payments' check",
      action: { type: 'http', url: 'http://10.5.0.110:9090/health', method: 'GET', headers: { 'x-a': ['1'] } },
      intervalMs: 1000,
      timeoutMs: 10_000,
    },
  ],
  sidecar: {
    port: 20000,
    config: { protocol: 'http' },
    upstreams: [{ service: 'db', datacenter: 'dc2', localAddress: '127.0.0.1', localPort: 9091, config: { connect_timeout_ms: 100 } }],
  },
};

describe('decodeServiceDefinitions', () => {
  it('reads HCL in snake_case', () => {
    const text = `service {
      name = "payments"  id = "payments-v1"  port = 9090  address = "10.5.0.110"  tags = ["v1"]
      meta { version = 1 }
      check { http = "http://10.5.0.110:9090/health"  interval = "1s"  header { x-a = ["1"] } }
      connect { sidecar_service {
        port = 20000
        proxy { config { protocol = "http" } upstreams = [ { destination_name = "db" datacenter = "dc2" local_bind_port = 9091 config { connect_timeout_ms = 100 } } ] }
      } }
    }`;
    const { calls, ...rest } = read(text);
    expect(rest).toEqual({ services: [payments], problems: [] });
    expect(calls.map(({ service, datacenter, at }) => [service, datacenter, at && textOf(at)])).toEqual([['db', 'dc2', '"dc2"']]);
  });

  it('reads an upstream that is a prepared query, which is no call of a service', () => {
    const upstreams = 'upstreams = [ { destination_type = "prepared_query" destination_name = "near" local_bind_port = 1 } ]';
    const { services, calls } = read(`service { name = "x" connect { sidecar_service { proxy { ${upstreams} } } } }`);
    expect(services[0]!.sidecar!.upstreams).toMatchObject([{ service: 'near', isQuery: true, localPort: 1 }]);
    expect(calls).toEqual([]);
  });

  it('reads JSON in CamelCase', () => {
    const text = JSON.stringify({
      Services: [
        {
          Name: 'payments',
          ID: 'payments-v1',
          Port: 9090,
          Address: '10.5.0.110',
          Tags: ['v1'],
          Meta: { version: '1' },
          Checks: [{ HTTP: 'http://10.5.0.110:9090/health', Interval: '1s', Header: { 'x-a': ['1'] } }],
          Connect: {
            SidecarService: {
              Port: 20000,
              Proxy: {
                Config: { protocol: 'http' },
                Upstreams: [{ DestinationName: 'db', Datacenter: 'dc2', LocalBindPort: 9091, Config: { connect_timeout_ms: 100 } }],
              },
            },
          },
        },
      ],
    });
    const { calls, ...rest } = read(text);
    expect(rest).toEqual({ services: [payments], problems: [] });
    expect(calls.map(({ service, datacenter, at }) => [service, datacenter, at && textOf(at)])).toEqual([['db', 'dc2', '"dc2"']]);
  });

  it('fills in what is left open, and numbers several checks', () => {
    const { services } = read(
      'service { name = "web" checks = [ { tcp = "localhost:1" interval = "1s" timeout = "20ms" }, { id = "x" tcp = "localhost:2" interval = "1s" } ] connect { sidecar_service {} } }',
    );
    expect(services[0]).toMatchObject({
      id: 'web',
      port: 0,
      address: '',
      tags: [],
      meta: {},
      sidecar: { port: 0, upstreams: [], config: {} },
    });
    expect(services[0]!.checks.map((check) => [check.id, check.timeoutMs])).toEqual([
      ['service:web:1', 20],
      ['x', 10_000],
    ]);
  });
});

describe('what is refused', () => {
  it.each([
    ['service { nam = "web" name = "x" }', 'invalid config key service.nam', '1:11', 'did you mean "name"?'],
    [
      'service { name = "x" connect { sidecar_service { prot = 1 } } }',
      'invalid config key service.connect.sidecar_service.prot',
      '1:50',
      'did you mean "port"?',
    ],
    ['service { port = 1 }', 'Missing service name', '1:1', undefined],
    ['service { name = "x" port = 65536 }', 'invalid port 65536: expected 0 to 65535', '1:29', undefined],
    [
      'service { name = "x" check { http = "http://x" } }',
      'Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks',
      '1:22',
      undefined,
    ],
    [
      'service { name = "x" check { tcp = "x:1" interval = "1s" ttl = "1s" } }',
      'Invalid check: Interval and TTL cannot both be specified',
      '1:22',
      undefined,
    ],
    ['service { name = "x" check { name = "a" } }', 'Invalid check: TTL must be > 0 for TTL checks', '1:22', undefined],
    ['service { name = "x" check { ttl = "1s" } }', 'TTL checks are not supported by this version of mesh yet', '1:22', undefined],
    [
      'service { name = "x" meta { consul-x = "1" } }',
      "Invalid Service Meta: Couldn't load metadata pair ('consul-x', '1'): Key prefix 'consul-' is reserved for internal use",
      '1:29',
      undefined,
    ],
    [
      'service { name = "x" connect { sidecar_service { proxy { upstreams = [ { local_bind_port = 1 } ] } } } }',
      'upstream destination name cannot be empty',
      '1:72',
      undefined,
    ],
    [
      'service { name = "x" connect { sidecar_service { proxy { upstreams = [ { destination_name = "y" } ] } } } }',
      'upstream local bind port or local socket path must be defined and nonzero',
      '1:72',
      undefined,
    ],
    ['service { name = "x" weights { passing = 5 } }', '"service.weights" is not supported by this version of mesh yet', '1:22', undefined],
    [
      'service { name = "a" }\nservice { name = "b" }',
      "'service' expected a map, got 'slice'",
      '1:9',
      'write "services" to define several',
    ],
    ['servce { name = "a" }', 'invalid config key servce', '1:1', 'did you mean "service"?'],
    ['', 'no service is defined here', '1:1', 'start with service { name = "web" }'],
  ])('%s', (text, summary, at, hint) => {
    const [first] = errors(text);
    expect([first?.summary, describeRange(first!.subject!), first?.hint]).toEqual([summary, `svc.hcl:${at}`, hint]);
    expect(read(text).services).toEqual([]);
  });

  it('reports everything at once, in the words of Consul', () => {
    const text = 'services = [ { nam = "a" }, { name = "b" prt = 1 } ]';
    expect(consulErrorText(errors(text))).toBe(
      '2 errors occurred:\n\t* invalid config key services[0].nam\n\t* invalid config key services[1].prt\n\n',
    );
  });

  it('warns of what has no effect', () => {
    const { services, problems } = read('service { name = "x" token = "secret" }');
    expect(services).toHaveLength(1);
    expect(problems.map((p) => [p.severity, p.summary])).toEqual([['warning', '"service.token" has no effect in this version of mesh']]);
  });
});
