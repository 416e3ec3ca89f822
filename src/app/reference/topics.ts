import { ERRORS } from '../../base/errors.ts';
import type { Row } from './command-page.ts';

/** What concerns all commands: `mesh help environment`, sections of man pages and of the reference. */
export interface Topic {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly rows: readonly Row[];
}

const failures = Object.values(ERRORS).map(({ exit, meaning }): Row => [String(exit), meaning]);

export const TOPICS: readonly Topic[] = [
  {
    name: 'exit-codes',
    title: 'Exit codes',
    text: "Commands of mesh. Consul's commands have Consul's: 0 done, 1 failed; intention check 1 for denied, 2 for wrong.",
    rows: [['0', 'done, or the answer is "yes"'], ...failures, ['10', 'plan --detailed-exitcode: there is something to do']],
  },
  {
    name: 'environment',
    title: 'Environment',
    text: 'Options that are typed are stronger than these, and these are stronger than configuration files.',
    rows: [
      ['MESH_HOME', 'folder that a mesh lives in; another one is another mesh ($XDG_STATE_HOME/mesh, else ~/.local/state/mesh)'],
      ['MESH_CONFIG', 'your configuration file ($XDG_CONFIG_HOME/mesh/config.hcl, else ~/.config/mesh/config.hcl)'],
      ['MESH_ADDRESSES', 'loopback: an address for each instance; ports: only 127.0.0.1, a port for each; auto tries the first'],
      ['MESH_CODE_CACHE', 'no: do not keep the machine code of processes for their next start'],
      ['CONSUL_HTTP_ADDR', "agent that Consul's commands ask (the one of this home, else 127.0.0.1:8500)"],
      ['CONSUL_HTTP_TOKEN', 'ACL token; CONSUL_HTTP_TOKEN_FILE names a file with one'],
      ['CONSUL_HTTP_SSL', 'true: https; CONSUL_CACERT, CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY as with Consul'],
      ['BROWSER', 'program that opens pages'],
      ['NO_COLOR', 'no colours; FORCE_COLOR asks for them without a terminal'],
      ['CI', 'no spinner, nothing redrawn'],
      ['OTEL_EXPORTER_OTLP_ENDPOINT', 'where sidecars send spans, and the other variables of OpenTelemetry'],
    ],
  },
  {
    name: 'files',
    title: 'Files',
    text: 'All of a mesh is in its home, which only its owner can enter; mesh purge removes it.',
    rows: [
      ['$MESH_HOME/agent.json', 'where the agent listens'],
      ['$MESH_HOME/state/', 'what is applied'],
      ['$MESH_HOME/registry/', 'catalog, config entries, keys, the CA'],
      ['$MESH_HOME/logs/', 'agent.log, dataplane.log, and the output of workloads'],
      ['$MESH_HOME/data/', 'working folders of workloads'],
      ['$MESH_HOME/run/', 'sockets and pid files'],
      ['.mesh.hcl', 'configuration file of a project: in this folder or one above'],
      ['./blueprints/NAME', 'where mesh run NAME looks after ./NAME and before the shipped ones'],
    ],
  },
  {
    name: 'addresses',
    title: 'Addresses',
    text:
      'A blueprint comes from a path (./shop, main.hcl), by a name (./NAME, ./blueprints/NAME, then the shipped one), or from git: ' +
      'github.com/org/repo//folder?ref=v1, git::https://…, git::ssh://…. Each instance has a loopback address of its own: 10.5.0.110 in ' +
      'the blueprint is 127.5.0.110 here; mesh status shows both.',
    rows: [],
  },
];
