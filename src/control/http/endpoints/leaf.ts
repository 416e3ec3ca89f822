import { goTime } from '../../../base/go-time.ts';
import { until } from '../../../base/watch.ts';
import { serviceIdentity } from '../../../pki/spiffe.ts';
import { CLOCK_SKEW_MS } from '../../../pki/validity.ts';
import { CsrRateLimited } from '../../ca/authority.ts';
import type { ServedLeaf } from '../../ca/served.ts';
import { type Answer, HttpError } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

export const leaf: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/agent/connect/ca/leaf/:service',
    doc: 'Certificate and key of a service, registered or not. The same until 60 to 90 % of its life are over, or the CA has a new root.',
    acl: 'service:write',
    handle: serveLeaf,
  },
];

async function serveLeaf(request: ApiRequest, mesh: Api): Promise<Answer> {
  const service = request.params[0]!;
  if (service === '')
    throw new HttpError(500, `URI must be either ${mesh.compat === '1.8' ? 'service or agent' : 'service, agent, server, or kind'}`);
  request.acl.require('service', 'write', service);
  const identity = serviceIdentity(mesh.trustDomain, mesh.datacenter, service);
  try {
    const { served, isNew } = await blockingLeaf(request, mesh, identity);
    const headers = isNew ? { 'X-Cache': 'MISS' } : { 'X-Cache': 'HIT', Age: String(ageOf(served, mesh)) };
    return { type: 'json', value: leafJson(service, served), headers: { 'X-Consul-Index': String(served.index), ...headers } };
  } catch (error) {
    if (error instanceof CsrRateLimited) throw new HttpError(429, error.message);
    throw error;
  }
}

/** Answers when there is a newer leaf than the client has seen: it is due, or the CA has a new root; or when the wait is over. */
async function blockingLeaf(request: ApiRequest, mesh: Api, identity: string): Promise<{ served: ServedLeaf; isNew: boolean }> {
  const { index, waitMs } = request.options;
  const first = await mesh.ca.serve(identity, request.signal);
  if (index === 0 || first.served.index > index) return first;
  const leave = request.enterBlocking();
  try {
    return await nextLeaf(request, mesh, identity, mesh.clock.now() + waitMs + mesh.random.next() * (waitMs / 16));
  } finally {
    leave();
  }
}

async function nextLeaf(
  request: ApiRequest,
  mesh: Api,
  identity: string,
  deadline: number,
): Promise<{ served: ServedLeaf; isNew: boolean }> {
  for (;;) {
    const epoch = mesh.ca.epoch.value;
    const answer = await mesh.ca.serve(identity, request.signal);
    const left = deadline - mesh.clock.now();
    if (answer.served.index > request.options.index || left <= 0) return answer;
    const stop = new AbortController();
    const signal = AbortSignal.any([request.signal, stop.signal]);
    const due = Math.max(0, Math.min(left, answer.served.renewAt - mesh.clock.now()));
    try {
      await Promise.race([mesh.clock.sleep(due, signal), until(mesh.ca.epoch, (now) => now !== epoch, signal)]);
    } finally {
      stop.abort();
    }
  }
}

const ageOf = ({ leaf: issued }: ServedLeaf, mesh: Api): number =>
  Math.max(0, Math.floor((mesh.clock.now() - (issued.notBefore + CLOCK_SKEW_MS)) / 1000));

function leafJson(service: string, { leaf: issued, index }: ServedLeaf): object {
  return {
    SerialNumber: colonHex(issued.serial),
    CertPEM: issued.certPem,
    PrivateKeyPEM: issued.keyPem,
    Service: service,
    ServiceURI: issued.identity,
    ValidAfter: goTime(issued.notBefore),
    ValidBefore: goTime(issued.notAfter),
    CreateIndex: index,
    ModifyIndex: index,
  };
}

/** `09`, `01:9a:e3`. */
function colonHex(serial: number): string {
  const digits = serial.toString(16);
  return (digits.length % 2 === 0 ? digits : `0${digits}`).match(/../g)!.join(':');
}
