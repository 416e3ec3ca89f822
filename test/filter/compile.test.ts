import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../src/filter/compile.ts';
import { instanceShape } from '../../src/filter/shapes.ts';

const datum = {
  Node: { Node: 'n1', Address: '127.0.0.1', Meta: { zone: 'a' } },
  Service: {
    Service: 'payments-sidecar-proxy',
    Tags: ['v1', 'prod'],
    Meta: { version: '1', empty: '' },
    Port: 9090,
    EnableTagOverride: false,
    TaggedAddresses: { lan: { Address: '10.0.0.1', Port: 80 } },
    Proxy: { DestinationServiceName: 'payments', Upstreams: [{ DestinationName: 'a' }, { DestinationName: 'b', LocalBindPort: 1 }] },
    Connect: {},
  },
  Checks: [
    { Status: 'passing', ServiceTags: [] },
    { Status: 'warning', ServiceTags: ['prod'] },
  ],
};
const compile = (text: string) => compileFilter(text, instanceShape);
const selects = (text: string): boolean => {
  const filter = compile(text);
  if (!filter.ok) throw new Error(filter.error.message);
  return filter.value(datum);
};

describe('what a filter selects', () => {
  it.each([
    ['Service.Meta.version == 1', true],
    ['Service.Meta.version == "1"', true],
    ['Service.Meta["version"] == `1`', true],
    ['Service.Meta.version == 2', false],
    ['Service.Meta.version != 2', true],
    ['Service.Port == 9090', true],
    ['Service.Port == "0x2382"', true],
    ['Service.Port != 9090', false],
    ['Service.EnableTagOverride == false', true],
    ['Service.Connect.Native == true', false],
    ['v1 in Service.Tags', true],
    ['Service.Tags contains "v2"', false],
    ['v2 not in Service.Tags', true],
    ['Service.Tags is empty', false],
    ['zone in Node.Meta', true],
    ['Node.Meta is not empty', true],
    ['Node.TaggedAddresses is empty', true],
    ['Service.Service contains "side"', true],
    ['Service.Service matches "^pay.*-proxy$"', true],
    ['Service.Service not matches `(?i)PAY`', false],
    ['Service.TaggedAddresses.lan.Port == 80', true],
    ['Service.Kind == ""', true],
    ['Service.Proxy.LocalServicePort == 0', true],
    ['Node.Meta.zone == a and (v1 in Service.Tags or Service.Port == 1) and not Node.Node == n2', true],
  ])('%s: %s', (text, expected) => {
    expect(selects(text)).toBe(expected);
  });

  it.each([
    ['Service.Meta.absent == 1', false],
    ['Service.Meta.absent != 1', true],
    ['Service.Meta.absent matches ".*"', false],
    ['Service.Meta.absent not matches ".*"', true],
    ['Service.Meta.absent == ""', false],
    ['Service.Meta.empty == ""', true],
    ['x in Service.Meta.absent', false],
    ['x not in Service.Meta.absent', true],
    ['Service.TaggedAddresses.absent.Port != 80', true],
  ])('a key that is not there: %s: %s', (text, expected) => {
    expect(selects(text)).toBe(expected);
  });

  it.each([
    ['Checks.Status == passing', true],
    ['Checks.Status != passing', true],
    ['not Checks.Status == passing', false],
    ['Checks.Status == critical', false],
    ['prod in Checks.ServiceTags', true],
    ['Service.Proxy.Upstreams.DestinationName == b', true],
    ['Service.Proxy.Upstreams is empty', false],
  ])('any element of a list: %s: %s', (text, expected) => {
    expect(selects(text)).toBe(expected);
  });
});

describe('what fits no instance', () => {
  it.each([
    ['Bogus == 1', 'Selector "Bogus" is not valid', 'known here: Node, Service, Checks'],
    ['Service.Mtea.version == 1', 'Selector "Service.Mtea" is not valid', 'did you mean "Meta"?'],
    ['Service.Port.x == 1', 'Selector "Service.Port.x" is not valid', undefined],
    [
      'Service.Proxy == 1',
      'Invalid match operator "Equal" for selector "Service.Proxy"',
      expect.stringMatching(/^go on with one of: Dest/),
    ],
    [
      'Service.Tags == v1',
      'Invalid match operator "Equal" for selector "Service.Tags"',
      'operators that fit: Is Empty, Is Not Empty, In, Not In',
    ],
    ['Service.Port is empty', 'Invalid match operator "Is Empty" for selector "Service.Port"', 'operators that fit: Equal, Not Equal'],
    [
      'Service.Port == http',
      'Failed to coerce value "http" for selector "Service.Port": strconv.ParseInt: parsing "http": invalid syntax',
      undefined,
    ],
    ['Service.Service matches "("', 'Failed to compile regular expression "(": error parsing regexp: missing closing ): `(`', undefined],
    ['Service.constructor == 1', 'Selector "Service.constructor" is not valid', expect.any(String)],
  ])('%s', (text, message, hint) => {
    const filter = compile(text);
    expect(filter.ok ? undefined : filter.error).toEqual(hint === undefined ? { message } : { message, hint });
  });
});
