import type { Endpoint } from '../../endpoint.ts';
import { blueprints } from './blueprints.ts';
import { certificates } from './certificates.ts';
import { configText } from './config-text.ts';
import { denials } from './denials.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { findings } from './findings.ts';
import { logs } from './logs.ts';
import { routes } from './routes.ts';
import { tap } from './tap.ts';
import { topology } from './topology.ts';
import { traffic } from './traffic.ts';

/** What mesh answers beyond Consul, for its own commands and the dashboard: shapes are in `src/api`. */
export const mesh: readonly Endpoint[] = [
  ...blueprints,
  ...certificates,
  ...configText,
  ...denials,
  ...explain,
  ...findings,
  ...routes,
  ...logs,
  ...topology,
  ...traffic,
  ...tap,
  ...events,
];
