import type { GatewayKind } from '../../../base/gateway-kind.ts';
import { hostPort } from '../../../base/host-port.ts';
import { Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { parseServiceAddress } from '../services/service-address.ts';

interface Address {
  readonly Address: string;
  readonly Port: number;
}

export interface GatewayRegistration {
  readonly Kind: GatewayKind;
  readonly ID: string;
  readonly Name: string;
  readonly [field: string]: unknown;
}

/** Consul's. */
const DEFAULT_PORT = 8443;
const DEREGISTER_AFTER = '6h';

/** What Consul's command registers. Throws a Failure for an address that is none. */
export function registrationOf(flags: FlagValues, Kind: GatewayKind): GatewayRegistration {
  const Name = flags.string('service') || Kind;
  const lan = addressOf('address', flags.string('address')) ?? { Address: '', Port: Kind === 'terminating-gateway' ? DEFAULT_PORT : 0 };
  const wan = addressOf('wan-address', flags.string('wan-address'));
  const binds = Array.from(flags.map('bind-address'), ([name, text]) => [name, addressOf('bind-address', text)!] as const);
  return {
    Kind,
    ID: flags.string('proxy-id') || Name,
    Name,
    ...lan,
    TaggedAddresses: { ...(lan.Address === '' ? {} : { lan }), ...(wan ? { wan } : {}) },
    ...(binds.length === 0
      ? {}
      : { Proxy: { Config: { envoy_gateway_no_default_bind: true, envoy_gateway_bind_addresses: Object.fromEntries(binds) } } }),
    ...(lan.Port === 0 ? {} : { Check: listening(Kind, lan, flags.string('deregister-after-critical') || DEREGISTER_AFTER) }),
  };
}

function listening(kind: GatewayKind, { Address, Port }: Address, DeregisterCriticalServiceAfter: string): object {
  return { Name: `${kind} listening`, TCP: hostPort(Address || '127.0.0.1', Port), Interval: '10s', DeregisterCriticalServiceAfter };
}

/** Undefined for nothing. */
function addressOf(flag: string, text = ''): Address | undefined {
  if (text === '') return undefined;
  const parsed = parseServiceAddress(text);
  if (!parsed.ok) throw new Failure(`invalid value ${JSON.stringify(text)} for flag -${flag}: ${parsed.error}`);
  return parsed.value;
}
