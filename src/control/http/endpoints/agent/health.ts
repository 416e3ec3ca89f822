import { tagsOfCheck, worstStatus } from '../../../../catalog/queries.ts';
import type { Check, Service } from '../../../../catalog/types.ts';
import { isMaintenance } from '../../../agent/maintenance.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { agentServiceJson } from '../shapes.ts';
import { agentAt } from './parts.ts';

type Aggregate = Check['Status'] | 'maintenance';

const STATUS: Readonly<Record<Aggregate, number>> = { passing: 200, warning: 429, critical: 503, maintenance: 503 };
/** The later the worse. */
const ORDER: readonly Aggregate[] = ['passing', 'warning', 'critical', 'maintenance'];

export function healthById(request: ApiRequest, mesh: Api): Answer {
  const [id = ''] = request.params;
  if (id === '') throw missing(mesh, 'Missing serviceID');
  const service = mesh.agent.local.service(agentAt(mesh), id);
  if (!service) {
    const reason = `ServiceId ${id} not found`;
    const value = isText(request) ? reason : { AggregatedStatus: 'critical', Service: null, Checks: null };
    return { type: 'json', status: 404, value, headers: { 'X-Consul-Reason': reason } };
  }
  request.acl.require('service', 'read', service.Service);
  const health = healthOf(service, mesh);
  return answer(request, health.status, healthJson(health, service, mesh));
}

export function healthByName(request: ApiRequest, mesh: Api): Answer {
  const [name = ''] = request.params;
  if (name === '') throw missing(mesh, 'Missing service Name');
  request.acl.require('service', 'read', name);
  const wanted = name.toLowerCase();
  const found = mesh.agent.local.services(agentAt(mesh)).filter((service) => service.Service.toLowerCase() === wanted);
  if (found.length === 0) {
    const reason = `ServiceName ${name} Not Found`;
    const headers = { 'X-Consul-Reason': reason };
    if (isText(request)) return { type: 'text', status: 404, text: reason, contentType: 'text/plain', headers };
    return { type: 'json', status: 404, value: [], headers };
  }
  const all = found.map((service) => ({ service, health: healthOf(service, mesh) }));
  const worst = ORDER.findLast((status) => all.some(({ health }) => health.status === status))!;
  return answer(
    request,
    worst,
    all.map(({ service, health }) => healthJson(health, service, mesh)),
  );
}

interface Health {
  readonly status: Aggregate;
  readonly checks: readonly Check[];
}

/** Checks of the node count for every service on it. */
function healthOf(service: Service, mesh: Api): Health {
  const all = mesh.agent.local.checksOf(agentAt(mesh));
  const checks = all.filter((check) => check.ServiceID === '' || check.ServiceID === service.ID);
  return { status: checks.some(isMaintenance) ? 'maintenance' : worstStatus(checks), checks };
}

function answer(request: ApiRequest, aggregate: Aggregate, value: unknown): Answer {
  const status = STATUS[aggregate];
  const headers = { 'X-Consul-Reason': aggregate };
  if (isText(request)) return { type: 'text', status, text: aggregate, contentType: 'text/plain', headers };
  return { type: 'json', status, value, headers };
}

function healthJson({ status, checks }: Health, service: Service, mesh: Api): object {
  const { datacenter, compat, snapshot } = mesh;
  return {
    AggregatedStatus: status,
    Service: agentServiceJson(service, datacenter, compat),
    Checks: checks.map((check) => {
      const tags = tagsOfCheck(snapshot.value, datacenter, check);
      return {
        Node: check.Node,
        CheckID: check.CheckID,
        Name: check.Name,
        Status: check.Status,
        Notes: check.Notes,
        Output: check.Output,
        ServiceID: check.ServiceID,
        ServiceName: check.ServiceName,
        ServiceTags: tags.length === 0 ? null : tags,
        // Consul's agent says here neither what sort of check it is nor how it is made.
        Type: '',
        ...(compat === '1.8' ? {} : { ExposedPort: 0 }),
        Definition: compat === '1.8' ? OLDER_DEFINITION : NEWER_DEFINITION,
        CreateIndex: 0,
        ModifyIndex: 0,
      };
    }),
  };
}

const TIMES = { Interval: '0s', Timeout: '0s', DeregisterCriticalServiceAfter: '0s' };
const REQUEST = { HTTP: '', Header: null, Method: '', Body: '' };
const OLDER_DEFINITION = { ...TIMES, ...REQUEST, TLSSkipVerify: false, TCP: '' };
const OTHERS = { TCPUseTLS: false, UDP: '', GRPC: '', OSService: '', GRPCUseTLS: false };
const NEWER_DEFINITION = { ...TIMES, ...REQUEST, TLSServerName: '', TLSSkipVerify: false, TCP: '', ...OTHERS };

const isText = ({ query }: ApiRequest): boolean => query.get('format') === 'text';

/** 1.8 says 500, with the name of its error type. */
const missing = ({ compat }: Api, what: string): HttpError =>
  compat === '1.8' ? new HttpError(500, `Bad request: ${what}`) : new HttpError(400, what);
