import { decodeGoJson } from '../../schema/go-json.ts';
import { fromJson } from '../../schema/located.ts';
import { type CheckDefinitionBody, checkDefinition } from './check-schema.ts';
import { RegistrationRefused } from './refused.ts';
import { type ServiceBody, serviceDefinition } from './service-schema.ts';

/** Definitions that stand in files, as the API takes them. Throw a RegistrationRefused when they are none. */

export function serviceOf(json: object): ServiceBody {
  const decoded = decodeGoJson(fromJson(json), serviceDefinition);
  if (!decoded.ok) throw new RegistrationRefused('invalid', decoded.error);
  return decoded.value;
}

export function checkOf(json: object): CheckDefinitionBody {
  const decoded = decodeGoJson(fromJson(json), checkDefinition);
  if (!decoded.ok) throw new RegistrationRefused('invalid', decoded.error);
  return decoded.value;
}
