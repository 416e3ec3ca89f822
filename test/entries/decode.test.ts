import { describe, expect, it } from 'vitest';
import { describeRange } from '../../src/base/source.ts';
import { decodeEntry, prepareEntry } from '../../src/entries/decode.ts';
import { entryToJson } from '../../src/entries/json.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { fromJson } from '../../src/schema/located.ts';

const read = (text: string) => prepareEntry(decodeConsulText({ name: 'web.hcl', text }).value);
const stored = (text: string) => {
  const { entry, problems } = read(text);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return JSON.stringify(entryToJson(entry!));
};
const refused = (text: string) => consulErrorText(read(text).problems);

describe('what Consul 1.8.7 stores', () => {
  it.each([
    [
      'snake_case everywhere, an opaque Config with its quirk of lists of one',
      `kind = "proxy-defaults"
       name = "global"
       config { protocol = "http" nested { a = 1 b = "x" } list = [1,2] one = ["z"] }
       mesh_gateway { mode = "local" }
       expose { checks = true paths = [ { path = "/m" listener_port = 1 local_path_port = 2 protocol = "http2" } ] }`,
      '{"Kind":"proxy-defaults","Name":"global","Config":{"list":[1,2],"nested":{"a":1,"b":"x"},"one":"z","protocol":"http"},' +
        '"MeshGateway":{"Mode":"local"},"Expose":{"Checks":true,"Paths":[{"ListenerPort":1,"Path":"/m","LocalPathPort":2,"Protocol":"http2","ParsedFromCheck":false}]}}',
    ],
    [
      'keys in any case; protocols in lower case',
      'Kind = "service-defaults"\nnAmE = "web"\npROTOCOL = "HTTP"',
      '{"Kind":"service-defaults","Name":"web","Protocol":"http","MeshGateway":{},"Expose":{}}',
    ],
    [
      'a block',
      'Kind = "service-defaults"\nName = "web"\nmeshgateway { mode = "remote" }',
      '{"Kind":"service-defaults","Name":"web","Protocol":"","MeshGateway":{"Mode":"remote"},"Expose":{}}',
    ],
    [
      'an object, and a mesh gateway mode that nobody validates',
      'Kind = "service-defaults"\nName = "web"\nMeshGateway = { Mode = "bogus" }',
      '{"Kind":"service-defaults","Name":"web","Protocol":"","MeshGateway":{"Mode":"bogus"},"Expose":{}}',
    ],
    [
      'a list of one object',
      'Kind = "service-defaults"\nName = "web"\nMeshGateway = [ { Mode = "local" } ]',
      '{"Kind":"service-defaults","Name":"web","Protocol":"","MeshGateway":{"Mode":"local"},"Expose":{}}',
    ],
    [
      'strings from a number and a bool',
      'kind = "service-defaults"\nname = 5\nprotocol = true',
      '{"Kind":"service-defaults","Name":"5","Protocol":"1","MeshGateway":{},"Expose":{}}',
    ],
    [
      'of a repeated attribute the last one',
      'kind = "service-defaults"\nname = "a"\nname = "b"',
      '{"Kind":"service-defaults","Name":"b","Protocol":"","MeshGateway":{},"Expose":{}}',
    ],
    [
      'JSON, what a read answered, and empty tenancy',
      '{"kind":"service-defaults","name":"web","mesh_gateway":{"mode":"local"},"Namespace":"","Partition":"default","CreateIndex":4,"ModifyIndex":5,"Hash":18446744073709551615}',
      '{"Kind":"service-defaults","Name":"web","Protocol":"","MeshGateway":{"Mode":"local"},"Expose":{}}',
    ],
    [
      'durations as strings, pointers with their zero',
      `Kind = "service-defaults"
       Name = "web"
       UpstreamConfig { Defaults { PassiveHealthCheck { Interval = "1m" EnforcingConsecutive5xx = 0 base_ejection_time = 30000000000 } } }`,
      '{"Kind":"service-defaults","Name":"web","Protocol":"","MeshGateway":{},"Expose":{},"UpstreamConfig":{"Defaults":{"PassiveHealthCheck":' +
        '{"Interval":60000000000,"EnforcingConsecutive5xx":0,"BaseEjectionTime":30000000000},"MeshGateway":{}}}}',
    ],
  ])('%s', (_, text, json) => {
    expect(stored(text)).toBe(json);
  });
});

describe('what Consul says of what it refuses', () => {
  it.each([
    ['Payload does not contain a kind/Kind key at the top level', ''],
    ['Payload does not contain a kind/Kind key at the top level', 'KIND = "service-defaults"\nNAME = "web"'],
    ['Kind value in payload is not a string', 'kind = 5\nname = "x"'],
    ['invalid config entry kind: service-defults', 'Kind = "service-defults"'],
    ['invalid config entry kind: control-plane-request-limit', 'Kind = "control-plane-request-limit"\nName = "x"'],
    ['1 error occurred:\n\t* invalid config key "Protocl"\n\n', 'Kind = "service-defaults"\nName = "web"\nProtocl = "http"'],
    [
      '2 errors occurred:\n\t* invalid config key "mesh-gateway"\n\t* invalid config key "Expose.chekcs"\n\n',
      'Kind = "service-defaults"\nName = "web"\nmesh-gateway { mode = "local" }\nexpose { chekcs = true }',
    ],
    [
      '1 error occurred:\n\t* invalid config key "meshgateway"\n\n',
      'Kind = "service-defaults"\nName = "web"\nmesh_gateway { mode = "local" }\nMeshGateway { mode = "remote" }',
    ],
    [
      "1 error(s) decoding:\n\n* 'MeshGateway' expected a map, got 'slice'",
      'Kind = "service-defaults"\nName = "web"\nMeshGateway { Mode = "local" }\nMeshGateway { Mode = "none" }',
    ],
    [
      '1 error(s) decoding:\n\n* cannot parse \'Expose.Checks\' as bool: strconv.ParseBool: parsing "maybe": invalid syntax',
      'Kind = "service-defaults"\nName = "web"\nExpose { Checks = "maybe" }\nProtocl = "http"',
    ],
    [
      '1 error(s) decoding:\n\n* error decoding \'UpstreamConfig.Defaults.PassiveHealthCheck.Interval\': time: missing unit in duration "5"',
      'Kind = "service-defaults"\nName = "web"\nUpstreamConfig { Defaults { PassiveHealthCheck { Interval = "5" } } }',
    ],
    [
      '1 error occurred:\n\t* invalid config key "Namespace", namespaces are a consul enterprise feature\n\n',
      'Kind = "service-defaults"\nName = "web"\nNamespace = "foo"',
    ],
    ['Name is required', 'Kind = "service-defaults"'],
    ['invalid name ("other"), only "global" is supported', 'Kind = "proxy-defaults"\nName = "other"'],
  ])('%s', (message, text) => {
    expect(refused(text)).toBe(message);
  });
});

describe('where it is, and what to do', () => {
  const placed = (text: string) => read(text).problems.map((p) => `${describeRange(p.subject!)} ${p.hint ?? p.detail ?? ''}`);

  it('points at an unknown key and suggests in the spelling of the user', () => {
    expect(placed('Kind = "service-defaults"\nName = "web"\nProtocl = "http"')).toEqual(['web.hcl:3:1 did you mean "Protocol"?']);
    expect(placed('kind = "service-defaults"\nname = "web"\nexternal_sin = "x"')).toEqual(['web.hcl:3:1 did you mean "external_sni"?']);
  });

  it('points at a kind, and names the one that was meant', () => {
    expect(placed('Kind = "service-defults"')).toEqual(['web.hcl:1:8 did you mean "service-defaults"?']);
  });

  it('points at what breaks a rule, and at the whole text when it is not there', () => {
    const where = placed('Kind = "service-intentions"\nSources = [\n  { Name = "web" Action = "alow" }\n]');
    expect(where).toEqual(['web.hcl:1:1 add Name = "…"', 'web.hcl:3:27 ']);
  });

  it('points at a source that normalizing moved to another index', () => {
    const text =
      'Kind = "service-intentions"\nName = "db"\nSources = [ { Name = "*" Action = "deny" },\n { Name = "web" Action = "alow" } ]';
    expect(placed(text)).toEqual(['web.hcl:4:26 ']);
    const twice = text.replace('"*"', '"web"');
    expect(placed(twice).every((place) => /^web\.hcl:[34]:/.test(place))).toBe(true);
  });
});

describe('decodeEntry', () => {
  it('tells problems of decoding from problems of the entry', () => {
    expect(decodeEntry(fromJson({ Kind: 'service-defaults' })).problems).toEqual([]);
    expect(prepareEntry(fromJson({ Kind: 'service-defaults' })).failed).toBe('validate');
    expect(prepareEntry(fromJson({ Kind: 'service-defaults', Nam: 'x' })).failed).toBe('decode');
    expect(prepareEntry(fromJson([1])).failed).toBe('decode');
  });

  it('takes names that JavaScript has plans with', () => {
    const { entry } = prepareEntry(
      fromJson(JSON.parse('{"Kind":"proxy-defaults","Name":"global","Config":{"__proto__":{"a":1}},"Meta":{"constructor":"x"}}')),
    );
    expect(JSON.stringify(entryToJson(entry!))).toContain('"Config":{"__proto__":{"a":1}}');
    expect(entryToJson(entry!)['Meta']).toEqual({ constructor: 'x' });
  });

  it('reads back what it printed', () => {
    const text = stored('Kind = "service-defaults"\nName = "web"\nProtocol = "http"\nLocalConnectTimeoutMs = 7\nMeta { a = "b" }');
    expect(stored(text)).toBe(text);
  });
});
