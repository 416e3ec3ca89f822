import { expect, it } from 'vitest';
import { describeRange } from '../../src/base/source.ts';
import { read } from './read.ts';

/** Texts of Consul 1.8.7's `validate`; those of types end, as in newer ones, with the value. */
const REFUSED: readonly (readonly [text: string, refusal: string])[] = [
  ['foo = 1', '1 error occurred:\n\t* invalid config key foo\n\n'],
  ['acl { tokens { foo = "z" } }', '1 error occurred:\n\t* invalid config key acl.tokens.foo\n\n'],
  ['foo = 1 bar = 2', '2 errors occurred:\n\t* invalid config key foo\n\t* invalid config key bar\n\n'],
  ['server = "x"', "1 error(s) decoding:\n\n* 'server' expected type 'bool', got unconvertible type 'string', value: 'x'"],
  ['ports { http = "x" }', "1 error(s) decoding:\n\n* 'ports.http' expected type 'int', got unconvertible type 'string', value: 'x'"],
  [
    'datacenter = 3 Server = "yes"',
    "2 error(s) decoding:\n\n* 'datacenter' expected type 'string', got unconvertible type 'int', value: '3'\n* 'server' expected type 'bool', got unconvertible type 'string', value: 'yes'",
  ],
  [
    'services = [{ name = "a" }, { name = "b" port = "x" }]',
    "1 error(s) decoding:\n\n* 'services[1].port' expected type 'int', got unconvertible type 'string', value: 'x'",
  ],
  ['service { name = "a" } service { name = "b" }', "1 error(s) decoding:\n\n* 'service' expected a map, got 'slice'"],
  ['datacenter = "A B"', 'datacenter cannot be "a b". Please use only [a-z0-9-_]'],
  ['primary_datacenter = "x/y"', 'primary_datacenter cannot be "x/y". Please use only [a-z0-9-_]'],
  ['bootstrap = true', "'bootstrap = true' requires 'server = true'"],
  ['bootstrap_expect = 3', "'bootstrap_expect > 0' requires 'server = true'"],
  ['server = true bootstrap = true bootstrap_expect = 3', "'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive"],
  ['server = true bootstrap_expect = -2', 'bootstrap_expect cannot be -2. Must be greater than or equal to zero'],
  ['ports { http = 70000 }', '1 error occurred:\n\t* ports.http: invalid port: 70000\n\n'],
  ['node_name = " "', 'node_name cannot be empty'],
  ['log_level = "bogus"', 'Invalid log level: bogus. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]'],
  ['node_id = "abc"', 'failed to setup node ID: specified NodeID is invalid: uuid string is wrong length'],
  [
    'node_meta { "consul-x" = "y" }',
    "node_meta invalid: Couldn't load metadata pair ('consul-x', 'y'): Key prefix 'consul-' is reserved for internal use",
  ],
  ['node_meta { "a b" = "y" }', "node_meta invalid: Couldn't load metadata pair ('a b', 'y'): Key contains invalid characters"],
  ['client_addr = "foo.bar.invalid"', '1 error occurred:\n\t* client_addr: invalid ip address: foo.bar.invalid\n\n'],
  ['addresses { https = "foo" } ports { https = 8501 }', '1 error occurred:\n\t* addresses.https: invalid ip address: foo\n\n'],
  ['advertise_addr = "0.0.0.0"', 'Advertise address cannot be 0.0.0.0, :: or [::]'],
  ['ports { http = 8500 https = 8500 }', 'HTTPS address 127.0.0.1:8500 already configured for HTTP'],
  ['connect { ca_provider = "bogus" }', 'bogus is not a valid CA provider'],
  ['performance { raft_multiplier = 11 }', 'performance.raft_multiplier cannot be 11. Must be between 1 and 10'],
  ['autopilot { max_trailing_logs = -1 }', 'autopilot.max_trailing_logs cannot be -1. Must be greater than or equal to zero'],
  ['dns_config { udp_answer_limit = -1 }', 'dns_config.udp_answer_limit cannot be -1. Must be greater than or equal to zero'],
  ['segment = "x"', 'Network segments are not supported in this version of Consul'],
  ['default_query_time = "x"', '1 error occurred:\n\t* default_query_time: invalid duration: "x": time: invalid duration "x"\n\n'],
  ['http_config { allow_write_http_from = ["x"] }', '1 error occurred:\n\t* allow_write_http_from: invalid cidr: x\n\n'],
  ['verify_incoming = true', 'VerifyIncoming set but no CA certificates were provided'],
  ['acl { default_policy = "bogus" }', 'unsupported default ACL policy: bogus'],
  [
    'config_entries { bootstrap { kind = "service-defaults" name = "web" bogus = 1 } }',
    'config_entries.bootstrap[0]: 1 error occurred:\n\t* invalid config key "bogus"\n\n',
  ],
  ['config_entries { bootstrap { kind = "bogus" name = "web" } }', 'config_entries.bootstrap[0]: invalid config entry kind: bogus'],
];

it.each(REFUSED)('refuses %s', (text, refusal) => {
  expect(read(text).refusal).toBe(refusal);
});

it('says where, and what was meant', () => {
  const [problem] = read('server = true\ndata_centre = "dc1"').decoding;
  expect([describeRange(problem!.subject!), problem!.hint]).toEqual(['0.hcl:2:1', 'did you mean "datacenter"?']);
  const rule = read('ports {\n  dns = 70000\n}').problems[0];
  expect(describeRange(rule!.subject!)).toBe('0.hcl:2:9');
});

const ACCEPTED: readonly (readonly [text: string, warnings: readonly string[]])[] = [
  ['acl = { Enabled = true, TOKENS { master = "a" } }', []],
  ['client_addr = "127.0.0.2 127.0.0.1" recursors = ["1.1.1.1"]', []],
  ['domain = "" ui = true disable_update_check = true raft_protocol = 3 gossip_lan { gossip_nodes = 3 }', []],
  ['version = "1.21.0" revision = "" check_reap_interval = "1s"', []],
  ['ports { https = 8501 }', ['HTTPS has no cert_file and key_file: nobody can connect to it']],
  ['retry_join = ["a"]', ['retry_join has no effect: one agent is the whole cluster']],
  ['telemetry { disable_hostname = true }', ['telemetry has no effect: metrics are at /v1/agent/metrics']],
  ['datacenter = "east" primary_datacenter = "EAST"', []],
  ['primary_datacenter = "west"', ['primary_datacenter has no effect: one agent is the whole cluster, and its own primary']],
  ['enable_debug = true', ['enable_debug has no effect: mesh is no program in Go, and has no profiles of one']],
  ['acl_datacenter = "dc1"', ["The 'acl_datacenter' field is deprecated. Use the 'primary_datacenter' field instead."]],
  [
    'node_name = "a b"',
    ['Node name "a b" will not be discoverable via DNS due to invalid characters. Valid characters include all alpha-numerics and dashes.'],
  ],
  [
    'enable_script_checks = true',
    [expect.stringContaining('using enable-script-checks without ACLs and without allow_write_http_from is DANGEROUS') as string],
  ],
  ['enable_script_checks = true acl { enabled = true }', []],
];

it.each(ACCEPTED)('takes %s', (text, warnings) => {
  const { refusal, problems } = read(text);
  expect([refusal, problems.map(({ summary }) => summary)]).toEqual(['', warnings]);
});
