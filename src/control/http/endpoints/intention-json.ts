import { createHash } from 'node:crypto';
import { ZERO_TIME } from '../../../base/go-time.ts';
import { nameUuid } from '../../../base/name-uuid.ts';
import { connectionAction, type Intention } from '../../../catalog/intentions.ts';
import type { Compat } from '../../compatibility.ts';

/** An intention as the API answers it. */
export function intentionJson(intention: Intention, dc: string, compat: Compat): object {
  return compat === '1.8' ? oldJson(intention, dc) : newJson(intention);
}

/** Newer Consul: only those that were made by the old endpoints have an id and times; what is empty is left out. */
function newJson(intention: Intention): object {
  const { legacy } = intention;
  return {
    ...(legacy ? { ID: legacy.id } : {}),
    ...(intention.description === '' ? {} : { Description: intention.description }),
    SourceNS: 'default',
    SourceName: intention.source,
    DestinationNS: 'default',
    DestinationName: intention.destination,
    SourceType: 'consul',
    ...(intention.action === undefined ? {} : { Action: intention.action }),
    ...(intention.permissions.length === 0 ? {} : { Permissions: intention.permissions }),
    ...(Object.keys(intention.meta).length === 0 ? {} : { Meta: intention.meta }),
    Precedence: intention.precedence,
    ...(legacy ? { CreatedAt: legacy.createdAt, UpdatedAt: legacy.updatedAt, Hash: hashOf(intention) } : {}),
    CreateIndex: intention.CreateIndex,
    ModifyIndex: intention.ModifyIndex,
  };
}

/** 1.8 knew nothing but ids; an intention of a config entry has one that is made of its names. */
function oldJson(intention: Intention, dc: string): object {
  const { source, destination, legacy } = intention;
  return {
    ID: legacy?.id ?? nameBasedId(dc, source, destination),
    Description: intention.description,
    SourceNS: 'default',
    SourceName: source,
    DestinationNS: 'default',
    DestinationName: destination,
    SourceType: 'consul',
    Action: connectionAction(intention),
    DefaultAddr: '',
    DefaultPort: 0,
    Meta: intention.meta,
    Precedence: intention.precedence,
    CreatedAt: legacy?.createdAt ?? ZERO_TIME,
    UpdatedAt: legacy?.updatedAt ?? ZERO_TIME,
    Hash: hashOf(intention),
    CreateIndex: intention.CreateIndex,
    ModifyIndex: intention.ModifyIndex,
  };
}

/** The same for the same two services. */
export function nameBasedId(dc: string, source: string, destination: string): string {
  return nameUuid(JSON.stringify([dc, source, destination]));
}

/** Tells two versions apart, as Consul's does; it is not the same number. */
function hashOf({ legacy, source, destination, description, action, meta }: Intention): string {
  const what = [legacy?.id, legacy?.updatedAt, source, destination, description, action, meta];
  return createHash('sha256').update(JSON.stringify(what)).digest('base64');
}
