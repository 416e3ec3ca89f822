import {
  any,
  bool,
  duration,
  float,
  int,
  list,
  map,
  object,
  optional,
  port,
  refused,
  required,
  string,
  withDefault,
} from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { environmentFields } from '../environment.ts';
import { ignoredChecks } from '../health-check.ts';
import { volumes } from '../volumes.ts';
import { jumppadHealthCheck } from './health-check.ts';

const PROTOCOL = string(['tcp', 'udp']);

/** What every block says that runs an image, in both spellings. */
const commonFields = {
  image: required(
    object({
      name: required(string(), 'Image reference, such as "nicholasjackson/fake-service:v0.24.2".'),
      username: optional(string(), 'Registry user. Accepted; built-in images need none.'),
      password: optional(string(), 'Registry password. Accepted; built-in images need none.'),
    }),
    'The image to run.',
  ),
  entrypoint: optional(list(string()), "Replaces the image's entry point."),
  command: optional(list(string()), "Replaces the image's arguments."),
  volume: optional(volumes, 'Files and folders that the workload reads.'),
  privileged: optional(bool(), 'Accepted; local processes have the rights of the user.'),
  max_restart_count: optional(int(0), 'Accepted; workloads are restarted with back-off.'),
  resources: optional(
    object({
      cpu: optional(float(), 'Thousandths of a core.'),
      cpu_pin: optional(list(int(0)), 'Cores.'),
      memory: optional(float(), 'Megabytes.'),
      gpu: optional(any(), 'Driver and devices.'),
    }),
    'Accepted; limits are not enforced for local processes.',
  ),
};

/** What every block of Shipyard's says that runs an image. */
export const imageFields = {
  ...commonFields,
  ...environmentFields,
  health_check: optional(
    object({
      timeout: withDefault(duration(), 30e9, 'Accepted; `run --timeout` limits the wait.'),
      http: optional(string(), 'URL that must answer, such as "http://localhost:9090/health".'),
      http_success_codes: optional(list(int(100, 599)), 'Status codes that count as healthy; 200 by default.'),
      tcp: optional(string(), 'host:port that must accept.'),
      ...ignoredChecks('services', 'pods', 'nomad_jobs'),
    }),
    'When it counts as ready. By default: when its known ports accept.',
  ),
};

/** The same of Jumppad's. */
export const jumppadImageFields = {
  ...commonFields,
  environment: optional(map(string()), 'Environment variables.'),
  labels: optional(map(string()), 'Accepted.'),
  health_check: optional(jumppadHealthCheck, 'When it counts as ready: when all of these pass. By default: when its known ports accept.'),
};

/** What a container says beside its image, in both spellings. */
const containerFields = {
  network: optional(list(networkAttachment), 'Networks it is attached to; the first one gives its address.'),
  port: optional(
    list(
      object({
        local: required(port(), 'Port of the workload.'),
        remote: optional(port(), 'Accepted for compatibility; the local port is used.'),
        host: optional(port(), 'Port to open on 127.0.0.1.'),
        protocol: optional(PROTOCOL, 'Only tcp ports are opened.'),
        open_in_browser: optional(string(), 'Path to open in a browser.'),
      }),
    ),
    'Ports of the workload that are opened on this machine.',
  ),
  port_range: optional(
    list(
      object({
        range: required(string(), 'Ports of the workload: "8500-8502".'),
        enable_host: optional(bool(), 'Open them on 127.0.0.1, each under its own number.'),
        protocol: optional(PROTOCOL, 'Only tcp ports are opened.'),
      }),
    ),
    'Many ports at once. That one of them does not answer is no reason to wait.',
  ),
  build: refused(
    'to build an image needs a container engine; name a built-in one: image { name = "nicholasjackson/fake-service:v0.26.2" }',
  ),
  dns: optional(list(string()), 'Servers for names. Not asked, which is a warning: names are those of the blueprint, and of this machine.'),
  run_as: optional(
    object({ user: optional(string(), 'Name or id.'), group: optional(string(), 'Name or id.') }),
    'Accepted; local processes have the rights of the user.',
  ),
};

/** The block `container "name" { … }`. */
export const containerSchema = object({ ...imageFields, ...containerFields });

/** The block `resource "container" "name" { … }`. */
export const jumppadContainerSchema = object({
  ...jumppadImageFields,
  ...containerFields,
  capabilities: optional(
    object({ add: optional(list(string()), 'More.'), drop: optional(list(string()), 'Fewer.') }),
    'Accepted; local processes have the rights of the user.',
  ),
});
