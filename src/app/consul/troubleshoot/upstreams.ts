import type { Command } from '../command.ts';
import { JSON_FLAGS, printJson, wantsJson } from '../json.ts';
import { Printer } from './report.ts';
import { runningAgent, SIDECAR_FLAGS, sidecarsNamed } from './sidecars.ts';

export const troubleshootUpstreams: Command = {
  name: 'troubleshoot upstreams',
  synopsis: 'List the upstreams of a sidecar',
  usage: [''],
  description:
    'Prints the identifiers of upstreams that troubleshoot proxy takes, where applications find them, and what they speak.\nWithout -sidecar those of all sidecars of this home, one after the other.',
  examples: ['troubleshoot upstreams', 'troubleshoot upstreams -sidecar web'],
  flags: [...SIDECAR_FLAGS, ...JSON_FLAGS],
  run: async ({ io, flags }) => {
    const json = wantsJson(flags);
    const { status } = await runningAgent(flags, io);
    const named = flags.string('sidecar');
    const sidecars = sidecarsNamed(status, named);
    if (json) {
      printJson(
        io,
        sidecars.map(({ id, service, upstreams }) => ({
          Sidecar: id,
          Service: service,
          Upstreams: upstreams.map(({ name, listen, protocol }) => ({ EnvoyID: name, Listen: listen, Protocol: protocol })),
        })),
      );
      return 0;
    }
    const print = await Printer.of(io);
    for (const { id, upstreams } of sidecars) {
      if (sidecars.length > 1) print.header(`Sidecar ${id}`);
      print.header(`Upstreams (explicit upstreams only) (${upstreams.length})`);
      const width = Math.max(0, ...upstreams.map(({ name }) => name.length));
      for (const { name, listen, protocol } of upstreams) print.plain(`${name.padEnd(width)}  ${listen}  ${protocol}`);
    }
    print.header('Upstream IPs (transparent proxy only) (0)');
    print.plain('Nothing is sent through sidecars by itself here: applications call their upstreams at the addresses above.');
    return 0;
  },
};
