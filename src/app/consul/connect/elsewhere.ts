import { type Command, Failure } from '../command.ts';
import { textFlag } from '../flags.ts';

/** What mesh does without these commands: sidecars are run by the agent. */
const INSTEAD =
  'An agent of mesh runs the sidecars of its services itself: register a service with connect { sidecar_service {} }, or apply a blueprint.';

export const connectEnvoy: Command = {
  name: 'connect envoy',
  synopsis: 'Run Envoy as a sidecar (not in this version)',
  usage: [''],
  description: `Not in this version of mesh. ${INSTEAD}`,
  examples: ['connect envoy -sidecar-for web -bootstrap'],
  flags: [
    textFlag('sidecar-for', 'Service to be the sidecar of.'),
    textFlag('proxy-id', 'Id of the proxy.'),
    textFlag('gateway', 'Kind of the gateway to run.'),
    { name: 'bootstrap', kind: 'bool', doc: "Print Envoy's configuration." },
  ],
  run: () => Promise.reject(new Failure(`connect envoy is not in this version of mesh. ${INSTEAD}`)),
};
