import { describe, expect, it } from 'vitest';
import { describeRange } from '../../src/base/source.ts';
import { decodeAgentConfig, mergeAgentConfigs } from '../../src/entries/agent-config.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

const read = (text: string) => decodeAgentConfig(decodeConsulText({ name: 'server.hcl', text }).value);

/** What is said of a text, each with its line. */
function said(text: string): string[] {
  return read(text).problems.map(({ severity, summary, hint, subject }) => {
    const line = subject ? describeRange(subject).split(':')[1] : '?';
    return `${line} ${severity}: ${summary}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

const PROXY_DEFAULTS = { Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' }, MeshGateway: { Mode: 'local' } };

describe('the configuration of a server', () => {
  it('is read from HCL, with blocks and attributes mixed', () => {
    const text = `
data_dir  = "/tmp/"
log_level = "DEBUG"
datacenter = "Azure"
primary_datacenter = "azure"
server = true
bootstrap_expect = 1
ui = true
bind_addr = "0.0.0.0"
advertise_addr_wan = "192.168.0.200"
ports {
  grpc = 8502
}
connect {
  enabled = true
}
config_entries {
  bootstrap {
    kind = "proxy-defaults"
    name = "global"

    config {
      protocol = "http"
    }

    mesh_gateway = {
      mode = "local"
    }
  }
}`;
    expect(said(text)).toEqual([]);
    expect(read(text).config).toEqual({
      datacenter: 'azure',
      primaryDatacenter: 'azure',
      server: true,
      joins: [],
      services: [],
      entries: [expect.objectContaining(PROXY_DEFAULTS)],
    });
  });

  it('is read from JSON', () => {
    const text = JSON.stringify({
      datacenter: 'azure',
      node_name: 'hcs',
      server: 'true',
      ports: { http: 9500 },
      retry_join: ['10.5.0.201'],
      start_join: 'hcs-2',
      config_entries: {
        bootstrap: [{ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' }, MeshGateway: { Mode: 'local' } }],
      },
    });
    expect(said(text)).toEqual([]);
    expect(read(text).config).toEqual({
      datacenter: 'azure',
      nodeName: 'hcs',
      server: true,
      httpPort: 9500,
      joins: ['10.5.0.201', 'hcs-2'],
      services: [],
      entries: [expect.objectContaining(PROXY_DEFAULTS)],
    });
  });

  it.each([
    ['a list', 'config_entries { bootstrap = [ { kind = "service-defaults" name = "web" }, { kind = "service-defaults" name = "api" } ] }'],
    [
      'repeated blocks',
      'config_entries { bootstrap { kind = "service-defaults" name = "web" } bootstrap { kind = "service-defaults" name = "api" } }',
    ],
    [
      'a repeated block around them',
      'config_entries { bootstrap { kind = "service-defaults" name = "web" } }\nconfig_entries { bootstrap { kind = "service-defaults" name = "api" } }',
    ],
  ])('has several entries as %s', (_, text) => {
    expect(said(text)).toEqual([]);
    expect(read(text).config.entries.map(({ Kind, Name }) => [Kind, Name])).toEqual([
      ['service-defaults', 'web'],
      ['service-defaults', 'api'],
    ]);
  });

  it('may define services beside its settings', () => {
    const { config, problems } = read('node_name = "vm"\nservice { name = "web" port = 9090 }\nservices { name = "api" port = 9091 }');
    expect(problems).toEqual([]);
    expect(config.services.map(({ name, port }) => [name, port])).toEqual([
      ['web', 9090],
      ['api', 9091],
    ]);
    expect(config.nodeName).toBe('vm');
  });

  it('without anything says nothing', () => {
    expect(read('').config).toEqual({ joins: [], entries: [], services: [] });
  });
});

describe('what is wrong with it', () => {
  it.each([
    ['datacentre = "x"', ['1 error: invalid config key datacentre (did you mean "datacenter"?)']],
    ['ui = true\nbananas = 1', ['2 error: invalid config key bananas']],
    ['datacenter = "eu/west"', ['1 error: datacenter cannot be "eu/west". Please use only [a-z0-9-_]']],
    ['server = "maybe"', ['1 error: cannot parse \'server\' as bool: strconv.ParseBool: parsing "maybe": invalid syntax']],
    ['datacenter = { a = 1 }', [expect.stringMatching(/^1 error: 'datacenter' expected type 'string', got unconvertible type/)]],
    ['ports { http = "many" }', ['1 error: cannot parse \'ports.http\' as int: strconv.ParseInt: parsing "many": invalid syntax']],
    ['ports { htp = 1 }', ['1 error: invalid config key ports.htp (did you mean "http"?)']],
    ['ports { http = 70000 }', ['1 error: ports.http: invalid port 70000']],
    [
      'config_entries {\n  boostrap { kind = "mesh" }\n}',
      ['2 error: invalid config key config_entries.boostrap (did you mean "bootstrap"?)'],
    ],
    [
      'config_entries { bootstrap {\n  kind = "proxy-default"\n  name = "global"\n} }',
      ['2 error: invalid config entry kind: proxy-default (did you mean "proxy-defaults"?)'],
    ],
    [
      'config_entries { bootstrap {\n  kind = "proxy-defaults"\n  name = "all"\n} }',
      ['3 error: invalid name ("all"), only "global" is supported'],
    ],
    [
      'config_entries { bootstrap {\n  kind = "service-defaults"\n  name = "web"\n  protocl = "http"\n} }',
      ['4 error: invalid config key "protocl" (did you mean "protocol"?)'],
    ],
    [
      'config_entries { bootstrap {\n  kind = "proxy-defaults"\n  name = "global"\n  config {\n    protocol = "htp"\n  }\n  mesh_gateway = {\n    mode = "locl"\n  }\n} }',
      [
        '5 warning: protocol "htp" is treated as tcp (did you mean "http"?)',
        '8 warning: mesh gateway mode "locl" means nothing (did you mean "local"?)',
      ],
    ],
    [
      'config_entries { bootstrap {\n  kind = "service-defaults"\n  name = "web"\n  protocol = "GRPCS"\n} }',
      ['4 warning: protocol "grpcs" is treated as tcp (did you mean "grpc"?)'],
    ],
    ['service {\n  name = "web"\n  prot = 1\n}', ['3 error: invalid config key service.prot (did you mean "port"?)']],
  ])('%j', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it('is all said at once, and what is right is kept', () => {
    const text = 'datacenter = "azure"\nbananas = 1\nconfig_entries { bootstrap { kind = "none" } }\nports { http = "x" }';
    expect(said(text)).toHaveLength(3);
    expect(read(text).config).toMatchObject({ datacenter: 'azure', entries: [] });
  });
});

describe('what a real agent would do', () => {
  it.each([
    [
      'acl { enabled = true }',
      ['1 warning: ACLs are not enforced by what a container says: the configuration of the agent itself switches them on'],
    ],
    ['acl = { enabled = false, default_policy = "deny" }', []],
    ['verify_incoming = true', ['1 warning: TLS is not required by the API of this agent: it is plain HTTP on loopback']],
    ['verify_incoming = false', []],
    ['auto_encrypt { allow_tls = true }', ['1 warning: auto_encrypt is not done: the API of this agent is plain HTTP on loopback']],
    ['recursors = ["1.1.1.1"]', ['1 warning: recursors of a container are not asked: the configuration of the agent itself names them']],
    ['connect { enabled = true ca_provider = "vault" }', ['1 warning: certificates come from the authority of this agent, not from vault']],
    ['connect { enabled = true ca_provider = "consul" }', []],
    [
      'ui = true\nports { http = -1\n  https = 8501 }',
      [
        '2 warning: the HTTP API is not switched off: commands and applications here speak plain HTTP to it',
        '3 warning: HTTPS is not served by the API of this agent: it is plain HTTP on loopback',
      ],
    ],
  ])('%j', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });
});

describe('several files', () => {
  it('add up, and the later one is stronger', () => {
    const files = [
      'datacenter = "a" node_name = "n" retry_join = ["x"] service { name = "web" }',
      'datacenter = "b" retry_join = ["y"] service { name = "api" }',
    ];
    const merged = mergeAgentConfigs(files.map((text) => read(text).config));
    expect(merged).toMatchObject({ datacenter: 'b', nodeName: 'n', joins: ['x', 'y'], entries: [] });
    expect(merged.services.map(({ name }) => name)).toEqual(['web', 'api']);
  });
});
