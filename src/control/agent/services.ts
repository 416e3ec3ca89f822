import type { DataplaneLink } from '../dataplane/link.ts';
import type { LocalAgent } from './local-agent.ts';
import type { LogTap } from './log-tap.ts';

/** What `/v1/agent` has behind it, beside the catalog. */
export interface AgentServices {
  readonly local: LocalAgent;
  readonly logs: LogTap;
  /** What the data plane serves, has counted and refused, and the requests that it sees. */
  readonly traffic: Pick<DataplaneLink, 'config' | 'denied' | 'metrics' | 'status' | 'tap' | 'traffic'>;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Reads the configuration again. Rejects with what is wrong in it. */
  reload(): Promise<void>;
  /** Ends the agent. */
  leave(): Promise<void>;
}

/** What only the process that hosts the agent can do. */
export type AgentLifecycle = Pick<AgentServices, 'reload' | 'leave'>;

/** Nobody hosts it: there is no file to read again, and nothing to end. */
export const NO_LIFECYCLE: AgentLifecycle = { reload: () => Promise.resolve(), leave: () => Promise.resolve() };
