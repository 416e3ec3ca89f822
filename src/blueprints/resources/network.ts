import { errorAt } from '../../base/diagnostic.ts';
import { bool, type Decoded, object, optional, required, string } from '../../schema/schema.ts';
import { resourceType } from '../resource-type.ts';
import { parseSubnet } from '../subnet.ts';

const schema = object({
  subnet: required(string(), 'Address range in CIDR notation, such as "10.5.0.0/16".'),
  enable_ipv6: optional(bool(), 'Accepted; addresses are those of IPv4.'),
});

export interface NetworkSpec {
  readonly subnet: string;
}

export const network = resourceType<Decoded<typeof schema>, NetworkSpec, undefined>({
  type: 'network',
  schema,
  doc: 'A range of virtual addresses. Each is mapped onto a loopback address of this machine.',
  lower(config, context) {
    if (!parseSubnet(config.subnet)) {
      context.report(
        errorAt(context.at('subnet'), `"subnet" is not a network: ${JSON.stringify(config.subnet)}`, {
          detail: 'expected an IPv4 range with a prefix of at most 30 bits, such as "10.5.0.0/16"',
        }),
      );
    }
    return { subnet: config.subnet };
  },
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});
