import { bool, duration, list, map, object, optional, port, required, string, withDefault } from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { environmentFields } from '../environment.ts';

/** Of services. */
export const PROTOCOLS = ['tcp', 'http', 'http2', 'grpc'];

/** One `check { … }` of a program or of a service: exactly one of `http`, `tcp` and `exec`. */
export const checkFields = {
  name: optional(string(), 'What the catalog calls it.'),
  http: optional(string(), 'Path, or URL, that must answer with 200 to 399: "/health".'),
  tcp: optional(string(), 'Port, or host:port, that must accept: "9090".'),
  interval: withDefault(
    duration(),
    10e9,
    'Time between two checks once it has passed; before that it is looked at every few milliseconds.',
  ),
  timeout: withDefault(duration(), 1e9, 'An answer that takes longer is a failure.'),
} as const;

/** The block `process "name" { … }`. */
export const processSchema = object({
  command: required(list(string()), 'Program and its arguments: ["node", "server.js"]. Not a line for a shell.'),
  working_directory: withDefault(string(), '.', 'Folder in which it runs, relative to this file.'),
  environment: optional(map(string()), 'Environment variables, as one block or object. They are stronger than those that mesh sets.'),
  ...environmentFields,
  port: optional(port(), 'Port that it listens on; it is told PORT, HOST, LISTEN_ADDR and MESH_ADDRESS. Without one nobody calls it.'),
  host_port: optional(port(), 'Port of 127.0.0.1 that leads to it, past the mesh: 0 is any free one.'),
  service: optional(string(), 'Name under which it is registered. By default that of the block.'),
  protocol: optional(
    string(PROTOCOLS),
    'Protocol of the service, unless its service-defaults say it. By default tcp; http has retries, routes and splits.',
  ),
  connect: optional(bool(), 'Whether it has a sidecar. By default it has one if it has a port or upstreams.'),
  upstream: optional(
    list(
      map(
        object({
          local_bind_port: optional(port(), 'Port on which the program reaches it. By default the next one from 9091 on.'),
          datacenter: optional(string(), 'Where it is; by default here.'),
        }),
      ),
    ),
    'A service that it calls: upstream "payments" {}. It is told PAYMENTS_URL and PAYMENTS_ADDR.',
  ),
  check: optional(
    list(object({ ...checkFields, exec: optional(list(string()), 'Command that must exit with 0, run beside it.') })),
    'When it is ready, and healthy for the catalog: if all of them pass. By default when its port accepts.',
  ),
  tags: optional(list(string()), 'Words to select by.'),
  meta: optional(map(string()), 'Facts to select by.'),
  datacenter: optional(string(), 'Where it is registered; by default that of the agent.'),
  network: optional(
    list(networkAttachment),
    'Networks it is attached to; the first one gives its address. By default it has one of its own.',
  ),
  restart_on_change: optional(
    list(string()),
    'Files, relative to the working directory, whose change restarts it: ["src/**"]. Its traffic ends first. node_modules and .git are left out.',
  ),
  stop_timeout: withDefault(duration(), 10e9, 'Time between SIGTERM and SIGKILL.'),
});
