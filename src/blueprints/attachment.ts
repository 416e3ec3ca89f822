import { list, object, optional, reference, required, string } from '../schema/schema.ts';

/** `network { name = "network.local" ip_address = "10.5.0.110" }` */
export const networkAttachment = object({
  name: required(reference('network'), 'The network: "network.local".'),
  ip_address: optional(string(), 'A fixed address in it; otherwise the next free one.'),
  aliases: optional(list(string()), 'Further names for this address.'),
});

/** Names that Shipyard gives a resource: `payments.container.shipyard.run`. Characters that DNS does not know become dashes. */
export function shipyardNames(name: string, type: string, aliases: readonly string[] = []): string[] {
  const host = name.replace(/[^A-Za-z0-9.-]/g, '-');
  return [`${host}.${type}.shipyard.run`, ...aliases];
}
