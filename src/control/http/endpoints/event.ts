import { EventRefused, eventsKey, type UserEvent } from '../../events.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { waitFor } from '../blocking.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

export const event: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/event/fire/:name',
    doc: 'Fires an event whose payload is the body; ?node=, ?service= and ?tag= are expressions that say who is to receive it.',
    acl: 'event:write',
    handle: fire,
  },
  {
    method: 'GET',
    path: '/v1/event/list',
    doc: 'The last 256 events, with ?name= those of a name. X-Consul-Index names the last one; ?index= waits for another.',
    acl: 'event:read',
    handle: list,
  },
];

function fire(request: ApiRequest, mesh: Api): Answer {
  const [Name = ''] = request.params;
  if (Name === '') throw new HttpError(400, 'Missing name');
  const { query, options, bytes } = request;
  request.acl.require('event', 'write', Name);
  requireWritableDatacenter(mesh, options.dc);
  const [NodeFilter, ServiceFilter, TagFilter] = ['node', 'service', 'tag'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  const Payload = bytes.length === 0 ? null : bytes.toString('base64');
  try {
    return json(mesh.events.fire(mesh.snapshot.value, options.dc, { Name, Payload, NodeFilter, ServiceFilter, TagFilter }));
  } catch (error) {
    if (error instanceof EventRefused) throw new HttpError(500, error.message);
    throw error;
  }
}

async function list(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { query, options, acl } = request;
  const name = query.get('name') || undefined;
  const evaluate = () => {
    const value = acl.filter(mesh.events.list(options.dc, name), (found) => acl.allows('event', 'read', found.Name));
    return { value, index: indexOf(value), watch: [eventsKey(options.dc)] };
  };
  // Not a number: it has 64 bits, and a later one may be lower.
  const known = query.get('index') ?? '';
  const first = evaluate();
  const { value, index } = first.index === known ? await waitFor(request, mesh, first, evaluate, (next) => next.index !== known) : first;
  return { type: 'json', value, headers: { 'X-Consul-Index': index } };
}

/** Consul makes it of the halves of the last event's id. */
function indexOf(events: readonly UserEvent[]): string {
  const id = events.at(-1)?.ID.replaceAll('-', '');
  if (id === undefined) return '1';
  return String(BigInt(`0x${id.slice(0, 16)}`) ^ BigInt(`0x${id.slice(16)}`));
}
