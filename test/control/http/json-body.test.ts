import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/control/http/answer.ts';
import { type JsonBodyOptions, readJsonBody } from '../../../src/control/http/json-body.ts';
import {
  any,
  base64,
  bool,
  duration,
  goStruct,
  goType,
  int,
  list,
  map,
  object,
  optional,
  required,
  type Schema,
  string,
} from '../../../src/schema/schema.ts';

const field = <S extends Schema>(schema: S) => optional(schema, '');

const upstream = goStruct('structs.Upstream', { DestinationName: field(string()), LocalBindPort: field(int()) });
const proxy = goStruct('structs.ConnectProxyConfig', { Upstreams: field(list(upstream)), Config: field(map(any())) }, { unmarshals: true });
const check = goStruct(
  '',
  { HTTP: field(string()), Interval: field(duration()), Args: field(list(string())), Header: field(map(list(string()))) },
  { unmarshals: true, aliases: { script_args: 'Args' } },
);
const service = goStruct(
  '',
  {
    Name: required(string(), ''),
    Port: field(int()),
    Tags: field(list(string())),
    Meta: field(map(string())),
    EnableTagOverride: field(bool()),
    Weights: field(goStruct('structs.Weights', { Passing: field(int()), Warning: field(int()) })),
    TaggedAddresses: field(map(goStruct('structs.ServiceAddress', { Address: field(string()), Port: field(int()) }))),
    Check: field(check),
    Checks: field(goType('structs.CheckTypes', list(check))),
    Proxy: field(proxy),
  },
  { unmarshals: true, aliases: { enable_tag_override: 'EnableTagOverride' } },
);
const register = goStruct('structs.RegisterRequest', {
  Node: field(string()),
  CreateIndex: field(goType('uint64', int())),
  Service: field(goStruct('structs.NodeService', { Port: field(int()), Proxy: field(proxy) })),
});
const transaction = goType(
  'api.TxnOps',
  list(
    goStruct('api.TxnOp', {
      KV: field(goStruct('api.KVTxnOp', { Verb: field(goType('api.KVOp', string())), Value: field(base64()) })),
    }),
  ),
);

function refusal(body: string, schema: Schema, options?: JsonBodyOptions): string {
  try {
    readJsonBody({ body }, schema, options);
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.message}`;
    throw error;
  }
  return 'fine';
}

describe('readJsonBody refuses in the words of Go', () => {
  it.each([
    ['', 'EOF'],
    [' \n', 'EOF'],
    ['{"Name":"x"', 'unexpected EOF'],
    ['{"Name":nul}', "invalid character '}' in literal null (expecting 'l')"],
    ['{x', "invalid character 'x' looking for beginning of object key string"],
    ['\uFEFF{}', "invalid character 'ï' looking for beginning of value"],
    ['[]', 'json: cannot unmarshal array into Go value of type struct {}'],
    ['true', 'json: cannot unmarshal bool into Go value of type struct {}'],
    ['{"Name":{}}', 'json: cannot unmarshal object into Go struct field .Name of type string'],
    ['{"Name":"x","Port":"80"}', 'json: cannot unmarshal string into Go struct field .Port of type int'],
    ['{"Name":"x","Port":1.5}', 'json: cannot unmarshal number 1.5 into Go struct field .Port of type int'],
    ['{"Name":"x","Port":1e2}', 'json: cannot unmarshal number 1e2 into Go struct field .Port of type int'],
    [
      '{"Name":"x","Port":99999999999999999999}',
      'json: cannot unmarshal number 99999999999999999999 into Go struct field .Port of type int',
    ],
    ['{"Tags":"a"}', 'json: cannot unmarshal string into Go struct field .Tags of type []string'],
    ['{"Tags":[1]}', 'json: cannot unmarshal number into Go struct field .Tags of type string'],
    ['{"Meta":[]}', 'json: cannot unmarshal array into Go struct field .Meta of type map[string]string'],
    ['{"Meta":{"a":1}}', 'json: cannot unmarshal number into Go struct field .Meta of type string'],
    ['{"enable_tag_override":1}', 'json: cannot unmarshal number into Go struct field .enable_tag_override of type bool'],
    ['{"Weights":1}', 'json: cannot unmarshal number into Go struct field .Weights of type structs.Weights'],
    ['{"Weights":{"Passing":"1"}}', 'json: cannot unmarshal string into Go struct field Weights.Weights.Passing of type int'],
    [
      '{"TaggedAddresses":{"lan":{"Address":1}}}',
      'json: cannot unmarshal number into Go struct field ServiceAddress.TaggedAddresses.Address of type string',
    ],
    [
      '{"TaggedAddresses":{"lan":"a"}}',
      'json: cannot unmarshal string into Go struct field .TaggedAddresses of type structs.ServiceAddress',
    ],
    ['{"Check":{"HTTP":1}}', 'json: cannot unmarshal number into Go struct field .Check of type string'],
    ['{"Check":{"Header":{"a":"b"}}}', 'json: cannot unmarshal string into Go struct field .Check of type []string'],
    ['{"Check":{"Interval":"abc"}}', 'time: invalid duration "abc"'],
    ['{"Check":{"Interval":"99999999999h"}}', 'time: invalid duration "99999999999h"'],
    ['{"Checks":{}}', 'json: cannot unmarshal object into Go struct field .Checks of type structs.CheckTypes'],
    ['{"Proxy":{"Upstreams":[{"LocalBindPort":"x"}]}}', 'json: cannot unmarshal string into Go struct field .Proxy of type int'],
    ['{"Bogus":1,"Port":"x"}', 'json: unknown field "Bogus"'],
    ['{"Port":"x","Bogus":1}', 'json: cannot unmarshal string into Go struct field .Port of type int'],
    ['{"Check":{"bogus":1}}', 'json: unknown field "bogus"'],
    ['{"__proto__":1}', 'json: unknown field "__proto__"'],
    ['{"Namespace":"other"}', 'json: unknown field "Namespace"'],
  ])('%s', (body, text) => {
    expect(refusal(body, service)).toBe(`400 Request decode failed: ${text}`);
  });

  it.each([
    ['[]', 'json: cannot unmarshal array into Go value of type structs.RegisterRequest'],
    ['{"Node":1}', 'json: cannot unmarshal number into Go struct field RegisterRequest.Node of type string'],
    ['{"CreateIndex":-1}', 'json: cannot unmarshal number -1 into Go struct field RegisterRequest.CreateIndex of type uint64'],
    ['{"Service":{"Port":"x"}}', 'json: cannot unmarshal string into Go struct field NodeService.Service.Port of type int'],
    [
      '{"Service":{"Proxy":{"Upstreams":[{"LocalBindPort":"x"}]}}}',
      'json: cannot unmarshal string into Go struct field NodeService.Service.Proxy of type int',
    ],
  ])('%s of a catalog registration', (body, text) => {
    expect(refusal(body, register)).toBe(`400 Request decode failed: ${text}`);
  });

  it.each([
    ['{}', 'json: cannot unmarshal object into Go value of type api.TxnOps'],
    ['[{"KV":{"Verb":1}}]', 'json: cannot unmarshal number into Go struct field KVTxnOp.KV.Verb of type api.KVOp'],
    ['[{"KV":{"Value":1}}]', 'json: cannot unmarshal number into Go struct field KVTxnOp.KV.Value of type []uint8'],
    ['[{"KV":{"Value":"!!"}}]', 'illegal base64 data at input byte 0'],
  ])('%s of a transaction', (body, text) => {
    expect(refusal(body, transaction, { prefix: 'Failed to parse body: ' })).toBe(`400 Failed to parse body: ${text}`);
  });

  it('with the name and the status that the endpoint gives', () => {
    expect(refusal('[]', object({}), { struct: 'agent.checkUpdate' })).toBe(
      '400 Request decode failed: json: cannot unmarshal array into Go value of type agent.checkUpdate',
    );
    expect(refusal('', object({}), { status: 500, prefix: 'Failed to decode request body: ' })).toBe(
      '500 Failed to decode request body: EOF',
    );
  });
});

describe('readJsonBody reads', () => {
  it.each<[string, string, Schema, unknown, JsonBodyOptions?]>([
    ['keys in any case', '{"NAME":"x","port":80}', service, { Name: 'x', Port: 80 }],
    ['a required field that is not there as its zero value', '{}', service, { Name: '' }],
    ['null as nothing said', '{"Name":null,"Tags":null,"Meta":{"a":null}}', service, { Name: '', Meta: { a: '' } }],
    ['null alone', 'null', service, { Name: '' }],
    ['the first value only', '{"Name":"x"} nonsense', service, { Name: 'x' }],
    ['the last of several', '{"Name":"x","name":"y"}', service, { Name: 'y' }],
    [
      'aliases',
      '{"enable_tag_override":true,"Check":{"script_args":["a"]}}',
      service,
      { Name: '', EnableTagOverride: true, Check: { Args: ['a'] } },
    ],
    ['the proper spelling before the alias', '{"Check":{"script_args":["a"],"args":["b"]}}', service, { Name: '', Check: { Args: ['b'] } }],
    ['durations as text', '{"Check":{"Interval":"1m"}}', service, { Name: '', Check: { Interval: 60e9 } }],
    ['durations as nanoseconds', '{"Check":{"Interval":1500000000}}', service, { Name: '', Check: { Interval: 1.5e9 } }],
    ['what is no duration as none', '{"Check":{"Interval":true}}', service, { Name: '', Check: {} }],
    ['an empty tenancy', '{"Namespace":"","Partition":"default"}', service, { Name: '' }],
    ['unknown keys where they are ignored', '{"Bogus":1}', register, {}, { unknown: 'ignore' }],
    ['nothing where that is allowed', '', register, {}, { empty: 'allow' }],
    ['base64', '[{"KV":{"Verb":"set","Value":"aGV\\nsbG8="}}]', transaction, [{ KV: { Verb: 'set', Value: 'aGVsbG8=' } }]],
    ['half a surrogate pair as Go does', '{"Name":"a\\ud800b"}', service, { Name: 'a\uFFFDb' }],
  ])('%s', (_, body, schema, value, options) => {
    expect(JSON.parse(JSON.stringify(readJsonBody({ body }, schema, options)))).toEqual(value);
  });

  it('names such as __proto__ as data', () => {
    const { Meta } = readJsonBody({ body: '{"Meta":{"__proto__":"x"}}' }, service);
    expect(Object.entries(Meta!)).toEqual([['__proto__', 'x']]);
  });
});
