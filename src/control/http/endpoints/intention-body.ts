import type { IntentionEdit } from '../../../catalog/intentions.ts';
import { any, type Decoded, goStruct, goType, int, list, map, optional, string } from '../../../schema/schema.ts';
import { HttpError } from '../answer.ts';

/** Body of what writes an intention. */
export const intentionBody = goStruct('', {
  ID: optional(string(), 'Only for who changes one by its id.'),
  Description: optional(string(), 'For people.'),
  SourceNS: optional(string(), 'default.'),
  SourceName: optional(string(), 'The calling service, or *.'),
  DestinationNS: optional(string(), 'default.'),
  DestinationName: optional(string(), 'The called service, or *.'),
  SourcePartition: optional(string(), 'default.'),
  DestinationPartition: optional(string(), 'default.'),
  SourcePeer: optional(string(), 'Refused: write a config entry.'),
  SourceSamenessGroup: optional(string(), 'Consul Enterprise.'),
  SourceType: optional(string(), 'consul.'),
  Action: optional(string(), 'allow or deny.'),
  Permissions: optional(list(any()), 'Decide by request; the first that matches counts.'),
  DefaultAddr: optional(string(), 'Not used.'),
  DefaultPort: optional(int(), 'Not used.'),
  Meta: optional(map(string()), 'For people.'),
  Precedence: optional(int(), 'Computed.'),
  CreatedAt: optional(any(), 'Computed.'),
  UpdatedAt: optional(any(), 'Computed.'),
  Hash: optional(any(), 'Computed.'),
  CreateIndex: optional(goType('uint64', int()), 'Computed.'),
  ModifyIndex: optional(goType('uint64', int()), 'Computed.'),
});

export type IntentionBody = Decoded<typeof intentionBody>;

/** What is to be written, but for the two names. An unknown action goes on to the validation, which has Consul's words for it. */
export function editOf(body: IntentionBody): Omit<IntentionEdit, 'source' | 'destination' | 'legacy'> {
  const { Action: action = '', Description: description = '', Permissions: permissions = [] } = body;
  const bare = permissions.length === 0;
  return {
    ...(bare || action !== '' ? { action: action as NonNullable<IntentionEdit['action']> } : {}),
    ...(bare ? {} : { permissions: permissions as unknown as NonNullable<IntentionEdit['permissions']> }),
    ...(description === '' ? {} : { description }),
  };
}

/** Consul CE has one namespace and partition, and no peers here; what was dropped silently would make a rule for another service. */
export function refuseElsewhere(body: IntentionBody): void {
  for (const field of ['SourceNS', 'DestinationNS', 'SourcePartition', 'DestinationPartition'] as const) {
    const given = body[field] ?? '';
    const what = field.endsWith('NS') ? 'Namespaces are' : 'Partitions are';
    if (given !== '' && given !== 'default')
      throw new HttpError(400, `Invalid ${field} attribute: "${given}" - ${what} a Consul Enterprise feature`);
  }
  if (body.SourcePeer) throw new HttpError(500, 'SourcePeer field is not supported on this endpoint. Use config entries instead');
}

/** What the old endpoints say of a body, all at once. */
export function refuseInvalid(body: IntentionBody): void {
  const { SourceName: source = '', DestinationName: destination = '', SourceType: type = '', Action: action = '', Meta: meta = {} } = body;
  const partial = "wildcard character '*' cannot be used with partial values";
  const isPartial = (name: string): boolean => name !== '*' && name.includes('*');
  const problems = [
    source === '' ? 'SourceName must be set' : '',
    destination === '' ? 'DestinationName must be set' : '',
    isPartial(source) ? `SourceName: ${partial}` : '',
    isPartial(destination) ? `DestinationName: ${partial}` : '',
    Buffer.byteLength(body.Description ?? '') > 512 ? 'Description exceeds maximum length 512' : '',
    Object.keys(meta).length > 64 ? 'Meta exceeds maximum element count 64' : '',
    ...Object.entries(meta).flatMap(([key, value]) => [
      Buffer.byteLength(key) > 128 ? `Meta key ${JSON.stringify(key)} exceeds maximum length 128` : '',
      Buffer.byteLength(value) > 512 ? `Meta value for key ${JSON.stringify(key)} exceeds maximum length 512` : '',
    ]),
    action !== 'allow' && action !== 'deny' ? "Action must be set to 'allow' or 'deny'" : '',
    (body.Permissions ?? []).length > 0 ? 'Permissions must not be set when using the legacy APIs' : '',
    type !== '' && type !== 'consul' ? "SourceType must be set to 'consul'" : '',
  ].filter((text) => text !== '');
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  throw new HttpError(500, `${count} occurred:\n${problems.map((text) => `\t* ${text}\n`).join('')}\n`);
}
