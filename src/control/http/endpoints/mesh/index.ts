import type { Endpoint } from '../../endpoint.ts';
import { configText } from './config-text.ts';
import { denials } from './denials.ts';
import { findings } from './findings.ts';
import { topology } from './topology.ts';
import { traffic } from './traffic.ts';

/** What mesh answers beyond Consul, for its own commands and the dashboard: shapes are in `src/api`. */
export const mesh: readonly Endpoint[] = [...configText, ...findings, ...denials, ...topology, ...traffic];
