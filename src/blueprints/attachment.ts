import { errorAt } from '../base/diagnostic.ts';
import { isIpv4 } from '../base/ipv4.ts';
import type { Json } from '../schema/located.ts';
import { type Decoded, list, object, optional, reference, string } from '../schema/schema.ts';
import type { ApplyContext } from './context.ts';
import type { Dialect, LowerContext } from './resource-type.ts';
import { contains, isReserved, parseSubnet } from './subnet.ts';

/** `network { name = "network.local" ip_address = "10.5.0.110" }` */
export const networkAttachment = object({
  name: optional(reference('network'), 'The network: "network.local".'),
  id: optional(reference('network'), 'The same, as Jumppad writes it: `resource.network.local.meta.id`.'),
  ip_address: optional(string(), 'A fixed address in it; otherwise the next free one.'),
  aliases: optional(list(string()), 'Further names for this address.'),
});

type Attachment = Decoded<typeof networkAttachment>;

/** In all networks: they are names of the one address that it has. */
export const aliasesOf = (networks: readonly Attachment[] = []): string[] => networks.flatMap(({ aliases = [] }) => aliases);

const networkOf = ({ name, id }: Attachment): string | undefined => name ?? id;

/** Where names of Jumppad's resources end: now, and before 2024. */
const JUMPPADS = ['local.jmpd.in', 'jumppad.dev'];

/**
 * Names that a resource has: `payments.container.shipyard.run`, as Shipyard gives them, and if it is written so Jumppad's,
 * `payments.container.local.jmpd.in`. Modules follow the name. Characters that DNS does not know become dashes.
 */
export function hostNames({ name, dialect }: LowerContext, type: string, aliases: readonly string[] = []): string[] {
  const host = name
    .split('.')
    .toReversed()
    .join('.')
    .replace(/[^A-Za-z0-9.-]/g, '-');
  const domains = dialect === 'jumppad' ? ['shipyard.run', ...JUMPPADS] : ['shipyard.run'];
  return [...domains.map((domain) => `${host}.${type}.${domain}`), ...aliases];
}

/** Where what has no network lives: by how it is written. Jumppad's is its network `jumppad`. */
const DEFAULT_SUBNETS: Readonly<Record<Dialect, string>> = { shipyard: '10.4.0.0/16', jumppad: '10.0.10.0/24' };

/** Address range of the network that was applied, or of those without one. */
export function subnetOf({ key, without }: Attached, context: ApplyContext): string {
  return key === undefined ? DEFAULT_SUBNETS[without ?? 'shipyard'] : (context.record(key).spec as { subnet: string }).subnet;
}

/** What a resource has of the first network that it is attached to. */
export interface Attached {
  readonly key?: string;
  /** It has none, and is written so. */
  readonly without?: 'jumppad';
  readonly wanted?: string;
}

export const fixedIn = ({ network }: { readonly network: Attached }): string[] => (network.wanted === undefined ? [] : [network.wanted]);

/** The first network that a resource is attached to, which gives its address. Reports an address that can't be had there. */
export function lowerNetwork(networks: readonly Attachment[], context: LowerContext): Attached {
  const first = networks[0];
  if (!first) return context.dialect === 'jumppad' ? { without: 'jumppad' } : {};
  for (const [i, attachment] of networks.entries()) checkNamed(attachment, `network[${i}]`, context);
  const key = networkOf(first);
  if (key === undefined) return {};
  const wanted = first.ip_address;
  if (wanted !== undefined) checkAddress(key, wanted, context);
  return { key, ...(wanted === undefined ? {} : { wanted }) };
}

function checkNamed(attachment: Attachment, at: string, context: LowerContext): void {
  if (networkOf(attachment) !== undefined) return;
  const hint = 'name = "network.local", or id = resource.network.local.meta.id';
  context.report(errorAt(context.at(at), `"${at}" needs "name" or "id"`, { detail: 'The network.', hint }));
}

function checkAddress(network: string, wanted: string, context: LowerContext): void {
  const spec = context.spec(network) as { subnet?: string } | undefined;
  const subnet = parseSubnet(spec?.subnet ?? '');
  const report = (summary: string, detail: string): void =>
    context.report(errorAt(context.at('network[0].ip_address'), summary, { detail }));
  if (!isIpv4(wanted)) {
    report(`"ip_address" is not an IPv4 address: ${JSON.stringify(wanted)}`, 'expected four numbers from 0 to 255: "10.5.0.110"');
  } else if (!subnet) {
    // What is wrong with the network is reported there.
    return;
  } else if (isReserved(subnet, wanted)) {
    report(`address ${wanted} of ${network} is not for a workload`, 'the first address names the network, the last one is for broadcast');
  } else if (!contains(subnet, wanted)) {
    report(`address ${wanted} is outside ${network}`, `${network} is ${subnet.cidr}`);
  }
}

/** The address and the names of a resource that has them only in a network: an ingress, a site. */
export function insideNetwork(
  networks: readonly Attachment[],
  type: string,
  context: LowerContext,
): { of: string; wanted?: string; names: string[] } | undefined {
  const { key, wanted } = lowerNetwork(networks, context);
  if (key === undefined) return undefined;
  return { of: key, ...(wanted === undefined ? {} : { wanted }), names: hostNames(context, type, aliasesOf(networks)) };
}

/** Of what is attached, for others: its first network, with the address that it has there. */
export function attachedTo(network: Attached, aliases: readonly string[], address: string | undefined): Json {
  const { key, wanted } = network;
  if (key === undefined) return [];
  const assigned = wanted ?? address;
  return [
    {
      id: key,
      name: key.slice(key.indexOf('.') + 1),
      ip_address: wanted ?? '',
      aliases: [...aliases],
      // Not known before it is reserved.
      ...(assigned === undefined ? { assigned_address: undefined as never } : { assigned_address: assigned }),
    },
  ];
}
