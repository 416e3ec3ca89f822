import { describe, expect, it } from 'vitest';
import { type ExecuteOptions, executePreparedQuery } from '../../src/catalog/execute-query.ts';
import { type PreparedQuery, resolveQuery, type ServiceQuery } from '../../src/catalog/prepared-queries.ts';
import { emptySnapshot, type Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { CheckStatus, Op } from '../../src/catalog/types.ts';
import { serviceQuery } from './registrations.ts';

interface Registered {
  readonly dc?: string;
  readonly status?: CheckStatus;
  readonly tags?: readonly string[];
  readonly meta?: Record<string, string>;
}

function web(node: string, { dc = 'dc1', status = 'passing', tags = [], meta = {} }: Registered = {}): Op {
  const service = {
    Node: node,
    Kind: '',
    ID: 'web',
    Service: 'web',
    Tags: tags,
    Address: '',
    Port: 80,
    TaggedAddresses: {},
    Meta: meta,
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
  };
  const check = {
    Node: node,
    CheckID: 'c',
    Name: '',
    Status: status,
    Notes: '',
    Output: '',
    ServiceID: 'web',
    ServiceName: 'web',
    Type: '',
  };
  const row = { Node: node, ID: '', Address: '127.0.0.1', Datacenter: dc, TaggedAddresses: {}, Meta: meta };
  return { type: 'register', dc, node: row, services: [service], checks: [check] };
}

const all = (...ops: Op[]): Snapshot => ops.reduce((s, op) => transact(s, op).snapshot, emptySnapshot(['dc1']));
const webQuery = serviceQuery({ Service: 'web' });
const unshuffled: ExecuteOptions = { ownNode: 'local', random: () => 0.999999 };

function run(s: Snapshot, query: Partial<ServiceQuery> = {}, options: Partial<ExecuteOptions> = {}) {
  const { instances, datacenter, failovers } = executePreparedQuery(
    s,
    'dc1',
    { Service: { ...webQuery, ...query } },
    { ...unshuffled, ...options },
  );
  return [instances.map(({ node }) => node.Node).join(), datacenter, failovers];
}

describe('which instances', () => {
  const s = all(
    web('good', { tags: ['v1', 'Blue'], meta: { zone: 'a' } }),
    web('warns', { status: 'warning', tags: ['v2'] }),
    web('bad', { status: 'critical', tags: ['v2'] }),
  );

  it.each<[Partial<ServiceQuery>, string]>([
    [{}, 'good,warns'],
    [{ OnlyPassing: true }, 'good'],
    [{ IgnoreCheckIDs: ['c'] }, 'bad,good,warns'],
    [{ Tags: ['V1'] }, 'good'],
    [{ Tags: ['!v1'] }, 'warns'],
    [{ Tags: ['v1', '!blue'] }, ''],
    [{ NodeMeta: { zone: 'a' } }, 'good'],
    [{ ServiceMeta: { zone: 'b' } }, ''],
    [{ ServiceMeta: { constructor: 'x' } }, ''],
    [{ Connect: true }, ''],
  ])('%j: %s', (query, nodes) => {
    expect(run(s, query)).toEqual([nodes, 'dc1', 0]);
  });

  it('as many as are wanted, of those that may be seen, in any order', () => {
    expect(run(s, {}, { limit: 1 })).toEqual(['good', 'dc1', 0]);
    expect(run(s, {}, { limit: 1, random: () => 0 })).toEqual(['warns', 'dc1', 0]);
    expect(run(s, {}, { mayRead: ({ node }) => node.Node !== 'good' })).toEqual(['warns', 'dc1', 0]);
  });
});

describe('failover', () => {
  const s = all(web('a', { status: 'critical' }), web('b', { dc: 'dc2', status: 'critical' }), web('c', { dc: 'dc3' }));

  it.each<[ServiceQuery['Failover'], unknown[]]>([
    [{ NearestN: 0, Datacenters: null }, ['', 'dc1', 0]],
    [{ NearestN: 1, Datacenters: null }, ['', 'dc2', 1]],
    [{ NearestN: 2, Datacenters: null }, ['c', 'dc3', 2]],
    [{ NearestN: 1, Datacenters: ['nowhere', 'dc2', 'dc3'] }, ['c', 'dc3', 2]],
    [{ NearestN: 0, Datacenters: ['dc1', 'dc3', 'dc2'] }, ['c', 'dc3', 1]],
    [
      {
        NearestN: 0,
        Datacenters: null,
        Targets: [
          { Peer: 'p', Datacenter: '' },
          { Peer: '', Datacenter: 'dc3' },
        ],
      },
      ['c', 'dc3', 2],
    ],
  ])('%j', (Failover, expected) => {
    expect(run(s, { Failover })).toEqual(expected);
  });

  it('is not needed while there is an instance', () => {
    expect(run(all(web('a'), web('b', { dc: 'dc2' })), { Failover: { NearestN: 3, Datacenters: null } })).toEqual(['a', 'dc1', 0]);
  });
});

describe('near', () => {
  const place = (Node: string, x: number): Op => ({
    type: 'coordinate-update',
    dc: 'dc1',
    Node,
    Segment: '',
    Coord: { Vec: [x, 0, 0, 0, 0, 0, 0, 0], Error: 1, Adjustment: 0, Height: 0 },
  });
  const s = all(web('a'), web('b'), web('c'), place('a', 0.3), place('b', 0.2), place('c', 0.1));

  it.each<[string, string]>([
    ['c', 'c,b,a'],
    ['a', 'a,b,c'],
    ['', 'a,b,c'],
    ['nobody', 'a,b,c'],
  ])('%j: %s', (near, nodes) => {
    expect(run(s, {}, { near })[0]).toBe(nodes);
    expect(run(s, { Near: near })[0]).toBe(nodes);
  });

  it('the own node with _agent', () => {
    expect(run(s, { Near: '_agent' }, { ownNode: 'c' })[0]).toBe('c,b,a');
  });
});

describe('resolving', () => {
  const id = (n: number): string => `00000000-0000-0000-0000-00000000000${n}`;
  const stored = (n: number, Name: string, more: Partial<PreparedQuery> = {}): Op => ({
    type: 'query-set',
    dc: 'dc1',
    query: {
      ID: id(n),
      Name,
      Session: '',
      Token: '',
      Template: { Type: '', Regexp: '', RemoveEmptyTags: false },
      Service: webQuery,
      DNS: { TTL: '' },
      ...more,
    },
  });
  const template = { Type: 'name_prefix_match', Regexp: '', RemoveEmptyTags: false };
  const s = all(
    stored(1, 'exact'),
    stored(2, 'ex', { Template: template }),
    stored(3, '', { Template: template, Service: { ...webQuery, Service: '$'.concat('{name.full}') } }),
  );

  it.each<[string, string | undefined]>([
    [id(1), id(1)],
    ['Exact', id(1)],
    ['exactly', id(2)],
    ['other', id(3)],
  ])('%s', (name, found) => {
    expect(resolveQuery(s, 'dc1', name)).toMatchObject({ query: { ID: found } });
  });

  it('a template by its id is refused', () => {
    expect(resolveQuery(s, 'dc1', id(2))).toEqual({ error: 'prepared query templates can only be resolved up by name, not by ID' });
  });
});
