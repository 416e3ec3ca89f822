import { type Decoded, int, list, object, optional, port, required, string } from '../schema/schema.ts';
import { accepted } from './accepted.ts';

export const network = object({
  mode: optional(string(), '`bridge`, which a sidecar needs. Each allocation has an address of its own in any case.'),
  port: optional(
    list(
      object({
        name: required(string(), 'Label of the block.'),
        static: optional(port(), 'The port.'),
        to: optional(int(-1, 65535), 'The port on which the task listens, if it is another one.'),
        host_network: accepted('There is one network.'),
        ignore_collision: accepted('Each allocation has ports of its own.'),
      }),
    ),
    'Ports. One with neither `static` nor `to` is chosen: the task finds it as NOMAD_PORT_<label>.',
  ),
  mbits: accepted('Not limited.'),
  hostname: accepted('Allocations have no host name.'),
  dns: accepted('Servers for names are not asked: names are those of the blueprint and of this machine.'),
  cni: accepted('There are no network plugins.'),
});

export type Network = Decoded<typeof network>;
