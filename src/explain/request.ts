import type { ExplainedRequest } from '../api/explanation.ts';
import { wireText } from '../base/http-fields.ts';
import type { MatchedRequest } from '../matching/request.ts';

const DEFAULT: ExplainedRequest = { method: 'GET', path: '/', headers: [] };

/** What was asked about, with the host that a client would send. */
export function requestOf(asked: ExplainedRequest = DEFAULT, host: string | undefined): ExplainedRequest {
  const named = asked.headers.some(([name]) => isHost(name));
  return named || host === undefined ? asked : { ...asked, headers: [['host', host], ...asked.headers] };
}

/** As the data plane reads it. */
export function readRequest({ method, path, headers }: ExplainedRequest): MatchedRequest {
  const target = wireText(path);
  const query = target.indexOf('?');
  const fields = headers.filter(([name]) => !isHost(name));
  return {
    method,
    target,
    path: query === -1 ? target : target.slice(0, query),
    host: headers.find(([name]) => isHost(name))?.[1],
    fields: { list: fields.flatMap(([name, value]) => [name, wireText(value)]) },
  };
}

const isHost = (name: string): boolean => name.toLowerCase() === 'host';
