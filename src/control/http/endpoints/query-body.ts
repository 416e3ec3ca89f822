import { parseDuration } from '../../../base/duration.ts';
import type { PreparedQuery, ServiceQuery } from '../../../catalog/prepared-queries.ts';
import type { Unindexed } from '../../../catalog/types.ts';
import { text } from '../../../schema/go-fields.ts';
import { bool, type Decoded, goStruct, goType, int, list, map, optional, required, string, withDefault } from '../../../schema/schema.ts';
import { metaProblem } from '../../registration/service.ts';
import { HttpError } from '../answer.ts';
import type { ApiRequest } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

const index = optional(goType('uint64', int()), 'Not used.');

const target = goStruct('structs.QueryFailoverTarget', {
  Peer: text('A cluster that was peered with.'),
  Datacenter: text('A datacenter.'),
  Partition: optional(string(), 'Of Consul Enterprise.'),
  Namespace: optional(string(), 'Of Consul Enterprise.'),
});

const failover = goStruct('structs.QueryFailoverOptions', {
  NearestN: withDefault(int(), 0, 'So many of the nearest datacenters.'),
  Datacenters: optional(list(string()), 'Then these, in this order.'),
  Targets: optional(list(target), 'These instead, in this order.'),
});

const service = goStruct('structs.ServiceQuery', {
  Service: text('Name of the service.'),
  SamenessGroup: optional(string(), 'Of Consul Enterprise.'),
  Failover: required(failover, 'Where else to look when there is no healthy instance.'),
  OnlyPassing: withDefault(bool(), false, 'Without instances that warn.'),
  IgnoreCheckIDs: optional(list(string()), 'Checks that do not count.'),
  Near: text('The nearest to this node first; `_agent`: to the own one.'),
  Tags: optional(list(string()), 'Tags that must be there, or with a `!` must not be.'),
  NodeMeta: optional(map(string()), 'What the node must have in its Meta.'),
  ServiceMeta: optional(map(string()), 'What the service must have in its Meta.'),
  Connect: withDefault(bool(), false, 'Instances that speak mutual TLS.'),
  Peer: text('A cluster that was peered with.'),
  Namespace: optional(string(), 'Of Consul Enterprise.'),
  Partition: optional(string(), 'Of Consul Enterprise.'),
});

const body = goStruct('structs.PreparedQuery', {
  ID: text('Given by Consul.'),
  Name: text('Under which it is executed; without one it must be bound to a session.'),
  Session: text('It goes with this session.'),
  Token: text('It is executed with the rights of this token.'),
  Template: required(
    goStruct('structs.QueryTemplateOptions', {
      Type: text('`name_prefix_match`: it is a template for all names that begin with its own.'),
      Regexp: text('Whose groups match(1), match(2), … give.'),
      RemoveEmptyTags: withDefault(bool(), false, 'Tags that come out empty are left out.'),
    }),
    'Makes it a template.',
  ),
  Service: required(service, 'What is looked up.'),
  DNS: required(goStruct('structs.QueryDNSOptions', { TTL: text('How long an answer by DNS is valid.') }), 'How DNS answers.'),
  CreateIndex: index,
  ModifyIndex: index,
});

/** The query that a body asks for, but for its id. Throws what Consul says of one that makes no sense. */
export function readQuery(request: ApiRequest, id: string): Unindexed<PreparedQuery> {
  const { ID: _, CreateIndex: __, ModifyIndex: ___, Service, ...given } = readJsonBody(request, body);
  return { ID: id, ...given, Service: serviceQuery(Service) };
}

function serviceQuery(given: Decoded<typeof service>): ServiceQuery {
  const { NearestN, Datacenters, Targets } = given.Failover;
  const targets = Targets?.map(({ Peer, Datacenter }) => ({ Peer, Datacenter }));
  return {
    Service: given.Service,
    Failover: { NearestN, Datacenters: Datacenters ?? null, ...(targets ? { Targets: targets } : {}) },
    OnlyPassing: given.OnlyPassing,
    IgnoreCheckIDs: given.IgnoreCheckIDs ?? null,
    Near: given.Near,
    Tags: given.Tags ?? null,
    NodeMeta: given.NodeMeta ?? null,
    ServiceMeta: given.ServiceMeta ?? null,
    Connect: given.Connect,
    ...(given.Peer === '' ? {} : { Peer: given.Peer }),
  };
}

/** Throws what Consul says of a query that can't be. */
export function vetQuery(query: Unindexed<PreparedQuery>): void {
  const problem = problemOf(query);
  if (problem !== undefined) throw new HttpError(500, `Invalid prepared query: ${problem}`);
}

export const HIDDEN_TOKEN = '<hidden>';

function problemOf({ Name, Session, Token, Template, Service, DNS }: Unindexed<PreparedQuery>): string | undefined {
  if (Session === '' && Name === '' && Template.Type === '') return 'Must be bound to a session';
  if (Token === HIDDEN_TOKEN) return `Bad Token '${HIDDEN_TOKEN}', it looks like a query definition with a redacted token was submitted`;
  const { Failover, NodeMeta } = Service;
  if (Service.Service === '') return 'Must provide a Service name to query';
  if (Failover.NearestN < 0) return `Bad NearestN '${Failover.NearestN}', must be >= 0`;
  const isBoth = (Failover.Targets?.length ?? 0) > 0 && (Failover.NearestN !== 0 || (Failover.Datacenters?.length ?? 0) > 0);
  if (isBoth) return 'Targets cannot be populated with NearestN or Datacenters';
  return metaProblem(NodeMeta ?? {}) ?? ttlProblem(DNS.TTL);
}

function ttlProblem(ttl: string): string | undefined {
  if (ttl === '') return undefined;
  const parsed = parseDuration(ttl);
  if (!parsed.ok) return `Bad DNS TTL '${ttl}': ${parsed.error}`;
  return parsed.ns < 0 ? `DNS TTL '${parsed.ns}', must be >=0` : undefined;
}
