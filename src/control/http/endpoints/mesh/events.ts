import type { EventKind, MeshEvent } from '../../../../api/event.ts';
import { EVENT_KINDS } from '../../../../api/event.ts';
import { didYouMean } from '../../../../base/suggest.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { live } from '../../live.ts';

export const events: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/events',
    doc: 'What has happened, the oldest first, one JSON object a line: the last 1,000, or those behind ?after= an id; ?kind=config,denied narrows it, ?follow goes on.',
    acl: 'operator:read',
    handle: read,
  },
];

const CONTENT_TYPE = 'application/x-ndjson';

function read({ acl, query, signal }: ApiRequest, mesh: Api): Answer {
  acl.require('operator', 'read');
  const { history } = mesh.agent;
  const kinds = kindsOf(query.get('kind') ?? '');
  const after = afterOf(query.get('after') ?? '0');
  const isWanted = ({ kind }: MeshEvent): boolean => kinds.size === 0 || kinds.has(kind);
  const known = (): string => history.after(after).filter(isWanted).map(lineOf).join('');
  if (!query.has('follow')) return { type: 'text', text: known(), contentType: CONTENT_TYPE };
  const follow = (push: (line: string) => void): (() => void) => {
    const first = known();
    if (first !== '') push(first);
    return history.listen((event) => {
      if (isWanted(event)) push(lineOf(event));
    });
  };
  return { type: 'stream', contentType: CONTENT_TYPE, chunks: live({ follow }, signal) };
}

const lineOf = (event: MeshEvent): string => `${JSON.stringify(event)}\n`;

function kindsOf(text: string): ReadonlySet<EventKind> {
  const given = text.split(',').filter((kind) => kind !== '');
  const unknown = given.find((kind) => !(EVENT_KINDS as readonly string[]).includes(kind));
  if (unknown === undefined) return new Set(given as EventKind[]);
  const { hint = `one of: ${EVENT_KINDS.join(', ')}` } = didYouMean(unknown, EVENT_KINDS);
  throw new HttpError(400, `there is no kind of events ${JSON.stringify(unknown)}; ${hint}`);
}

function afterOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new HttpError(400, `after is no id of an event: ${JSON.stringify(text)}`);
}
