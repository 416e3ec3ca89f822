// What the data plane costs, beside haproxy and nginx as sidecar pairs and beside Consul's own proxy, where they are installed
// (`CONSUL_BIN`, `HAPROXY_BIN`, `NGINX_BIN`, or the PATH); wrk is needed. CPU is that of all proxy processes together, in user and
// system mode; the variants take turns, and ratios are of the same round.
//   npm run bench:dataplane [-- --only http,tcp,connect,policies,body,grpc,observe,scale,start,write,edits,flipflop,kill,processes --rounds 5 --seconds 4]
//   … --flags=--max-semi-space-size=16     flags of Node for our data plane
//   … --with 'name=path/to/dataplane.cjs --flag'    another build of it, or other flags, measured beside this one
// Prints tables, and never asserts: times depend on the machine, ratios less so. `npm run build` first.
import { parseArgs } from 'node:util';
import { measureBodies } from './dataplane/body.mjs';
import { measureEdits, measureWrites } from './dataplane/changes.mjs';
import { measureFlipFlop, measureKilledInstance, measureProcesses } from './dataplane/failures.mjs';
import { measureGrpc } from './dataplane/grpc.mjs';
import { measureObserving } from './dataplane/observe.mjs';
import { measurePolicies } from './dataplane/policies.mjs';
import { measureConnections, measureHttp, measureTcp } from './dataplane/requests.mjs';
import { measureScale } from './dataplane/scale.mjs';
import { Authority } from './dataplane/source.mjs';
import { measureStart } from './dataplane/start.mjs';
import { findProgram } from './processes.mjs';

const SECTIONS = {
  http: measureHttp,
  tcp: measureTcp,
  connect: measureConnections,
  policies: measurePolicies,
  body: measureBodies,
  grpc: measureGrpc,
  observe: measureObserving,
  scale: measureScale,
  start: measureStart,
  write: measureWrites,
  edits: measureEdits,
  flipflop: measureFlipFlop,
  kill: measureKilledInstance,
  processes: measureProcesses,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    flags: { type: 'string', default: '' },
    with: { type: 'string', multiple: true, default: [] },
  },
});
if (!findProgram('wrk')) throw new Error('wrk is not on the PATH');

const options = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  flags: values.flags.split(' ').filter((flag) => flag !== ''),
  others: Object.fromEntries(values.with.map(readOther)),
};
function readOther(text) {
  const [, name, rest] = /^([^=]+)=(.*)$/.exec(text);
  const [program, ...flags] = rest.split(' ');
  return [name, { program, flags }];
}

const authority = new Authority();
for (const name of values.only.split(',')) await SECTIONS[name](authority, options);
