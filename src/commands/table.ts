import { agent } from './agent.ts';
import { blueprints } from './blueprints.ts';
import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { consul } from './consul.ts';
import { destroy } from './destroy.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { edges } from './edges.ts';
import { env } from './env.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { get } from './get.ts';
import { init } from './init.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { OF_CONSUL } from './of-consul.ts';
import { output } from './output.ts';
import { pause } from './pause.ts';
import { plan } from './plan.ts';
import { purge } from './purge.ts';
import { push } from './push.ts';
import { resume } from './resume.ts';
import { routes } from './routes.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import { taint } from './taint.ts';
import { tap } from './tap.ts';
import { test } from './test.ts';
import { top } from './top.ts';
import { ui } from './ui.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';
import { whyDenied } from './why-denied.ts';

/** Every command, one row each, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  run,
  plan,
  dev,
  validate,
  fmt,
  destroy,
  status,
  ui,
  logs,
  metrics,
  explain,
  tap,
  events,
  top,
  whyDenied,
  edges,
  routes,
  exec,
  scale,
  pause,
  resume,
  taint,
  output,
  env,
  test,
  init,
  blueprints,
  get,
  push,
  purge,
  doctor,
  ...OF_CONSUL,
  consul,
  agent,
  completion,
  version,
];
