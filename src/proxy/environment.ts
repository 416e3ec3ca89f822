import type { Clock, Log } from '../base/ports.ts';
import type { Limits } from './limits.ts';
import type { LogFiles } from './observe/access-log/log-files.ts';
import type { Denials } from './observe/denials.ts';
import type { Shared } from './observe/shared.ts';
import type { Taps } from './observe/taps.ts';
import type { SpanExporter } from './observe/trace/exporter.ts';
import type { Identities } from './tls/identities.ts';

/** What every part of the data plane is given by its composition root. */
export interface Environment {
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly identities: Identities;
  /** Uniform in [0, 1): weighted splits. */
  readonly random: () => number;
  readonly taps: Taps;
  readonly denials: Denials;
  readonly logFiles: LogFiles;
  /** Of spans, by collector. */
  readonly exporters: Shared<SpanExporter>;
  /** Certificates that servers outside of the mesh are trusted by: Node's own choice by default. */
  readonly publicRoots?: () => readonly string[];
}

/** What is asked of, or told to, servers outside of the mesh is given. */
export type Abroad = Pick<Environment, 'clock' | 'log' | 'publicRoots'>;
