import { describe, expect, it } from 'vitest';
import { entryToJson } from '../../src/entries/json.ts';
import { serviceResolver } from '../../src/entries/service-resolver.ts';
import { prepare, refused, stored } from './prepare.ts';

describe('what Consul stores of a service-resolver', () => {
  it.each([
    [
      'durations, subsets, trailing commas, a filter with a number',
      `kind = "service-resolver"
       name = "web"
       default_subset = "v1"
       connect_timeout = "15s"
       subsets = {
         v1 = { filter = "Service.Meta.version == v1", only_passing = true, },
         "v2" = { Filter = "Service.Meta.version == 2" }
       }
       failover = { "*" = { datacenters = ["dc2","dc3",] } }`,
      '{"Kind":"service-resolver","Name":"web","ConnectTimeout":"15s","DefaultSubset":"v1","Subsets":{"v1":{"Filter":"Service.Meta.version == v1",' +
        '"OnlyPassing":true},"v2":{"Filter":"Service.Meta.version == 2"}},"Failover":{"*":{"Datacenters":["dc2","dc3"]}}}',
    ],
    [
      'subsets as labelled blocks',
      'kind = "service-resolver"\nname = "web"\nsubsets "v1" { filter = "Service.Meta.version == v1" }\nsubsets "v2" { filter = "Service.Meta.version == v2" }',
      '{"Kind":"service-resolver","Name":"web","Subsets":{"v1":{"Filter":"Service.Meta.version == v1"},"v2":{"Filter":"Service.Meta.version == v2"}}}',
    ],
    [
      'subsets as one block',
      'kind = "service-resolver"\nname = "web"\nsubsets { v1 { filter = "Service.Meta.version == v1" } v2 { filter = "Service.Meta.version == v2" } }',
      '{"Kind":"service-resolver","Name":"web","Subsets":{"v1":{"Filter":"Service.Meta.version == v1"},"v2":{"Filter":"Service.Meta.version == v2"}}}',
    ],
    [
      'a duration in nanoseconds',
      'kind = "service-resolver"\nname = "web"\nconnect_timeout = 5000000000',
      '{"Kind":"service-resolver","Name":"web","ConnectTimeout":"5s"}',
    ],
    [
      'a bool as text',
      'kind = "service-resolver"\nname = "web"\nsubsets = { v1 = { filter = "" only_passing = "true" } }',
      '{"Kind":"service-resolver","Name":"web","Subsets":{"v1":{"OnlyPassing":true}}}',
    ],
    [
      'nothing of a duration with a strange unit',
      'kind = "service-resolver"\nname = "web"\nconnect_timeout = "5 seconds"',
      '1 error(s) decoding:\n\n* error decoding \'ConnectTimeout\': time: unknown unit " seconds" in duration "5 seconds"',
    ],
    [
      'nothing of a duration without a unit',
      'kind = "service-resolver"\nname = "web"\nconnect_timeout = "5"',
      '1 error(s) decoding:\n\n* error decoding \'ConnectTimeout\': time: missing unit in duration "5"',
    ],
    [
      'a redirect, and failover to targets',
      'kind = "service-resolver"\nname = "web"\nredirect { service = "api" datacenter = "dc2" }',
      '{"Kind":"service-resolver","Name":"web","Redirect":{"Service":"api","Datacenter":"dc2"}}',
    ],
  ])('%s', (_, text, json) => {
    expect(stored(text)).toBe(json);
  });
});

const balance = (LoadBalancer: object) => ({ LoadBalancer });
const hash = (policy: object) => balance({ Policy: 'maglev', HashPolicies: [policy] });
const target = (over: object) => ({ Failover: { '*': { Targets: [over] } } });

describe('what is refused', () => {
  it.each([
    [{ Name: '' }, 'Name is required'],
    [{ DefaultSubset: 'nope' }, 'DefaultSubset "nope" is not a valid subset'],
    [{ Subsets: { '': {} } }, 'Subset defined with empty name'],
    [
      { Subsets: { V1: {} } },
      `Subset "V1" is invalid: must be 63 characters or fewer, begin or end with lower case alphanumeric characters, and contain lower case alphanumeric characters or '-' in between`,
    ],
    [
      { Subsets: { v1: { Filter: 'Service.Meta.version =' } } },
      'Filter for subset "v1" is not a valid expression: 1:22 (21): no match found, expected: "!=", "==", "contains", "in", "is", "matches", "not" or [ \\t\\r\\n]',
    ],
    [
      { Subsets: { v1: { Filter: 'Meta.version == 1' } } },
      'Filter for subset "v1" is not a valid expression: Selector "Meta" is not valid',
    ],
    [{ Redirect: {} }, 'Redirect is empty'],
    [{ Redirect: { Service: 'x' }, Failover: { '*': { Service: 'y' } } }, 'Redirect and Failover cannot both be set'],
    [{ Redirect: { ServiceSubset: 'v1' } }, 'Redirect.ServiceSubset defined without Redirect.Service'],
    [{ Redirect: { Service: 'web', ServiceSubset: 'v1' } }, 'Redirect.ServiceSubset "v1" is not a valid subset of "web"'],
    [{ Redirect: { Service: 'x', Namespace: 'n' } }, 'Redirect: Setting Namespace requires Consul Enterprise'],
    [{ Redirect: { Service: 'x', Peer: 'p', Datacenter: 'd' } }, 'Redirect.Peer cannot be set with Redirect.Datacenter'],
    [{ Failover: { '*': {} } }, 'Bad Failover["*"]: one of Service, ServiceSubset, Namespace, Targets, or Datacenters is required'],
    [{ Failover: { v7: { Service: 'y' } } }, 'Bad Failover["v7"]: not a valid subset subset'],
    [{ Failover: { '*': { ServiceSubset: 'v' } } }, 'Bad Failover["*"]: ServiceSubset "v" is not a valid subset of ""'],
    [{ Failover: { '*': { Datacenters: ['a', ''] } } }, 'Bad Failover["*"].Datacenters: found empty datacenter'],
    [
      { Failover: { '*': { Datacenters: ['a'], Targets: [{ Service: 'x' }] } } },
      'Bad Failover["*"]: Targets cannot be set with Datacenters',
    ],
    [
      { Failover: { '*': { Service: 'y', Policy: { Mode: 'order-by-locality' } } } },
      'Bad Failover["*"]: Setting failover policies requires Consul Enterprise',
    ],
    [target({ Peer: 'p', ServiceSubset: 'v' }), 'Bad Failover["*"].Targets[0]: Peer cannot be set with ServiceSubset'],
    [target({ ServiceSubset: 'v' }), 'Bad Failover["*"].Targets[0]: ServiceSubset "v" is not a valid subset of "web"'],
    [target({ Namespace: 'n' }), 'Bad Failover["*"].Targets[0]: Setting Namespace requires Consul Enterprise'],
    [{ ConnectTimeout: '-1s' }, "Bad ConnectTimeout '-1s', must be >= 0"],
    [{ RequestTimeout: '-1m' }, "Bad RequestTimeout '-1m0s', must be >= 0"],
    [{ PrioritizeByLocality: { Mode: 'near' } }, 'PrioritizeByLocality: invalid mode "near", must be one of "", "none", or "failover"'],
    [balance({ Policy: 'fair' }), 'Bad LoadBalancer policy: "fair" is not supported'],
    [
      balance({ Policy: 'random', RingHashConfig: {} }),
      'Bad LoadBalancer configuration. RingHashConfig specified for incompatible load balancing policy "random"',
    ],
    [
      balance({ HashPolicies: [{ SourceIP: true }] }),
      'Bad LoadBalancer configuration: HashPolicies specified for non-hash-based Policy: ""',
    ],
    [hash({ Field: 'x' }), 'Bad LoadBalancer HashPolicy[0]: "x" is not a supported field'],
    [hash({ Field: 'header' }), 'Bad LoadBalancer HashPolicy[0]: Field "header" was specified without a FieldValue'],
    [hash({ FieldValue: 'x' }), 'Bad LoadBalancer HashPolicy[0]: FieldValue requires a Field to apply to'],
    [
      hash({ Field: 'cookie', FieldValue: 'x', CookieConfig: { Session: true, TTL: '1s' } }),
      'Bad LoadBalancer HashPolicy[0]: a session cookie cannot have an associated TTL',
    ],
  ])('%j', (fields, message) => {
    expect(refused('service-resolver', fields)).toBe(message);
  });

  it('prints the life of a cookie as Consul does, in nanoseconds', () => {
    const cookie = { Field: 'cookie', FieldValue: 'x', CookieConfig: { TTL: '2s', Path: '/' } };
    const { entry } = prepare('service-resolver', hash(cookie));
    expect(JSON.stringify(entryToJson(entry!))).toContain('"CookieConfig":{"TTL":2000000000,"Path":"/"}');
  });

  it.each(['random', 'round_robin', 'least_request', 'ring_hash', 'maglev'])('has nothing to say of %s', (Policy) => {
    expect(prepare('service-resolver', balance({ Policy })).problems).toEqual([]);
  });

  it('takes what Consul has in Enterprise alone: near instances first', () => {
    expect(prepare('service-resolver', { PrioritizeByLocality: { Mode: 'failover' } }).problems).toEqual([]);
  });

  it('advises on a selector that leads nowhere', () => {
    const { problems } = prepare('service-resolver', { Subsets: { v1: { Filter: 'Service.Mata.version == 1' } } });
    expect(problems[0]).toMatchObject({ hint: 'did you mean "Meta"?', path: 'Subsets[v1].Filter' });
  });
});

it('speaks of its own service and of those that it leads to', () => {
  const references = (fields: object) => serviceResolver.references(prepare('service-resolver', fields).entry!).map((r) => r.service);
  expect(references({ Redirect: { Service: 'a' } })).toEqual(['web', 'a']);
  expect(
    references({ Subsets: { v: {} }, Failover: { v: { Service: 'b' }, '*': { Targets: [{ Service: 'c' }, { Datacenter: 'd' }] } } }),
  ).toEqual(['web', 'c', 'b']);
});
