import { decodeBase64 } from '../../../base/go-base64.ts';
import { goStruct, string, withDefault } from '../../../schema/schema.ts';
import { multiError } from '../../registration/service.ts';
import { type Answer, HttpError } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

/** Gossip is not encrypted: there is none. What Consul says without encryption is said here. */

const PATH = '/v1/operator/keyring';
const DOC = 'without encrypted gossip there is none, and that is the answer.';

export const keyringRows: readonly Endpoint[] = [
  { method: 'GET', path: PATH, doc: `Keys of the gossip; ${DOC}`, acl: 'keyring:read', handle: list },
  { method: 'POST', path: PATH, doc: `Installs a key of the gossip; ${DOC}`, acl: 'keyring:write', handle: change },
  { method: 'PUT', path: PATH, doc: `Uses a key of the gossip; ${DOC}`, acl: 'keyring:write', handle: change },
  { method: 'DELETE', path: PATH, doc: `Removes a key of the gossip; ${DOC}`, acl: 'keyring:write', handle: change },
];

function list(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('keyring', 'read');
  requireRelayFactor(request, mesh);
  throw failed(mesh, 'Keyring is empty (encryption not enabled)', isLocalOnly(request, mesh));
}

const keyBody = goStruct('http.keyringArgs', { Key: withDefault(string(), '', 'Base64.') });

function change(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('keyring', 'write');
  const prefix = `${mesh.compat === '1.8' ? 'Bad request: ' : ''}Request decode failed: `;
  const { Key } = readJsonBody(request, keyBody, { prefix });
  requireRelayFactor(request, mesh);
  const { error } = decodeBase64(Key);
  if (error === undefined) throw failed(mesh, 'No keyring to modify (encryption not enabled)', false);
  throw new HttpError(500, multiError([`WAN error: ${error}`, `${mesh.datacenter} (LAN) error: ${error}`]));
}

/** Both pools have one member, and it fails. */
function failed({ datacenter, nodeName }: Api, why: string, localOnly: boolean): HttpError {
  const none = 'error: 1/1 nodes reported failure';
  const wan = localOnly ? [] : [`WAN ${none}`, `${nodeName}.${datacenter}: ${why}`];
  return new HttpError(500, multiError([...wan, `${datacenter} (LAN) ${none}`, `${nodeName}: ${why}`]));
}

function requireRelayFactor(request: ApiRequest, mesh: Api): void {
  const text = request.query.get('relay-factor');
  if (!text) return;
  if (!/^[+-]?\d+$/.test(text))
    throw bad(mesh, `Error parsing relay factor: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (Number(text) < 0 || Number(text) > 5) throw bad(mesh, 'Invalid relay-factor: Relay factor must be in range: [0, 5]');
}

function isLocalOnly(request: ApiRequest, mesh: Api): boolean {
  const text = request.query.get('local-only');
  if (!text) return false;
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw bad(mesh, `Error parsing local-only: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const bad = ({ compat }: Api, text: string): HttpError => new HttpError(400, compat === '1.8' ? `Bad request: ${text}` : text);
