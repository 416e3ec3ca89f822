import { agentServiceShape, checkShape, memberShape } from '../../../filter/shapes.ts';
import type { Endpoint } from '../endpoint.ts';
import * as checks from './agent/checks.ts';
import { healthById, healthByName } from './agent/health.ts';
import { host } from './agent/host.ts';
import { forceLeave, join, leave, members, reload } from './agent/membership.ts';
import { metrics, proxyMetrics } from './agent/metrics.ts';
import { monitor } from './agent/monitor.ts';
import { proxy } from './agent/proxy.ts';
import { self, version } from './agent/self.ts';
import * as services from './agent/services.ts';

export const agent: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/agent/self',
    doc: 'Configuration and identity of this agent; Config.Version is the Consul version that the API is compatible with.',
    acl: 'agent:read',
    handle: self,
  },
  {
    method: 'GET',
    path: '/v1/agent/version',
    doc: 'The Consul version that the API is compatible with.',
    acl: 'agent:read',
    handle: version,
  },
  { method: 'GET', path: '/v1/agent/host', doc: 'Memory, processors and disk of this machine.', acl: 'operator:read', handle: host },
  {
    method: 'GET',
    path: '/v1/agent/metrics',
    doc: 'What the process uses and the catalog holds; ?format=prometheus as text.',
    acl: 'agent:read',
    handle: metrics,
  },
  {
    method: 'GET',
    path: '/v1/agent/metrics/proxies',
    doc: 'What the sidecars have counted, for Prometheus or as OpenMetrics; ?proxy= for those of a service, or one by its id.',
    acl: 'agent:read',
    handle: proxyMetrics,
  },
  {
    method: 'GET',
    path: '/v1/agent/monitor',
    doc: 'The log from now on; ?loglevel= and ?logjson choose what and how.',
    acl: 'agent:read',
    handle: monitor,
  },
  {
    method: 'GET',
    path: '/v1/agent/members',
    doc: 'Members of the cluster: this agent.',
    filter: memberShape,
    acl: 'node:read',
    handle: members,
  },
  {
    method: 'PUT',
    path: '/v1/agent/join/:address',
    doc: 'Joins a cluster; this agent is one of its own.',
    acl: 'agent:write',
    handle: join,
  },
  { method: 'PUT', path: '/v1/agent/leave', doc: 'Ends the agent.', acl: 'agent:write', handle: leave },
  { method: 'PUT', path: '/v1/agent/force-leave/:node', doc: 'Lets a failed member go.', acl: 'operator:write', handle: forceLeave },
  { method: 'PUT', path: '/v1/agent/reload', doc: 'Reads the configuration files again.', acl: 'agent:write', handle: reload },
  {
    method: 'PUT',
    path: '/v1/agent/maintenance',
    doc: "Takes the agent's node out of service with ?enable=true, and ?reason=; back with false.",
    acl: 'node:write',
    handle: services.nodeMaintenance,
  },
  {
    method: 'GET',
    path: '/v1/agent/services',
    doc: "Services of the agent's own node, by id.",
    acl: 'service:read',
    filter: agentServiceShape,
    handle: services.services,
  },
  {
    method: 'GET',
    path: '/v1/agent/service/:id',
    doc: 'One service of the own node; with ?hash= when it is another than that.',
    acl: 'service:read',
    handle: services.service,
  },
  {
    method: 'GET',
    path: '/v1/agent/proxy/:id',
    doc: 'Whether the data plane serves a sidecar or gateway of the own node as it is registered, and what keeps it from that; with ?hash= when it is another answer than that.',
    acl: 'service:read',
    handle: proxy,
  },
  {
    method: 'PUT',
    path: '/v1/agent/service/register',
    doc: 'Registers a service with its checks, and a sidecar if it asks for one; the agent makes the checks. ?replace-existing-checks drops others.',
    acl: 'service:write',
    handle: services.register,
  },
  {
    method: 'PUT',
    path: '/v1/agent/service/deregister/:id',
    doc: 'Removes a service with its checks and its sidecar.',
    acl: 'service:write',
    handle: services.deregister,
  },
  {
    method: 'PUT',
    path: '/v1/agent/service/maintenance/:id',
    doc: 'Takes a service out of service with ?enable=true, and ?reason=; back with false.',
    acl: 'service:write',
    handle: services.serviceMaintenance,
  },
  {
    method: 'GET',
    path: '/v1/agent/checks',
    doc: "Checks of the agent's own node and its services, by id.",
    acl: 'node:read, service:read',
    filter: checkShape,
    handle: checks.checks,
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/register',
    doc: 'Registers a check of the node, or of a service, that the agent makes.',
    acl: 'node:write, service:write',
    handle: checks.register,
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/deregister/:id',
    doc: 'Removes a check.',
    acl: 'node:write, service:write',
    handle: checks.deregister,
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/pass/:id',
    doc: 'Says that all is well, for a check with a TTL; ?note= says more.',
    acl: 'node:write, service:write',
    handle: checks.reportAs('passing'),
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/warn/:id',
    doc: 'Says that something is wrong, for a check with a TTL.',
    acl: 'node:write, service:write',
    handle: checks.reportAs('warning'),
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/fail/:id',
    doc: 'Says that it does not work, for a check with a TTL.',
    acl: 'node:write, service:write',
    handle: checks.reportAs('critical'),
  },
  {
    method: 'PUT',
    path: '/v1/agent/check/update/:id',
    doc: 'Says Status and Output of a check with a TTL.',
    acl: 'node:write, service:write',
    handle: checks.update,
  },
  {
    method: 'GET',
    path: '/v1/agent/health/service/id/:id',
    doc: 'Health of one service, as a status too: 200, 429, 503, 404. ?format=text for one word.',
    acl: 'service:read',
    handle: healthById,
  },
  {
    method: 'GET',
    path: '/v1/agent/health/service/name/:name',
    doc: 'Health of all instances of a service on this node, the worst as a status.',
    acl: 'service:read',
    handle: healthByName,
  },
];
