import type { DataplaneLink } from '../dataplane/link.ts';
import type { History } from '../history/history.ts';
import type { BlueprintHost } from './blueprints.ts';
import type { LocalAgent } from './local-agent.ts';
import type { LogTap } from './log-tap.ts';
import type { WorkloadLogs } from './workload-logs.ts';

/** What `/v1/agent` has behind it, beside the catalog. */
export interface AgentServices {
  readonly local: LocalAgent;
  readonly logs: LogTap;
  /** What the data plane serves and shows, has counted and refused, and the requests that it sees. */
  readonly traffic: Pick<DataplaneLink, 'certificates' | 'config' | 'denied' | 'metrics' | 'status' | 'tap' | 'traffic'>;
  /** What has happened. */
  readonly history: History;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Reads the configuration again. Rejects with what is wrong in it. */
  reload(): Promise<void>;
  /** Ends the agent. */
  leave(): Promise<void>;
  /** Absent: it applies none. */
  readonly blueprints?: BlueprintHost | undefined;
  /** Absent: it runs no programs. */
  readonly workloadLogs?: WorkloadLogs | undefined;
}

/** What only the process that hosts the agent can do. */
export type AgentLifecycle = Pick<AgentServices, 'reload' | 'leave' | 'blueprints' | 'workloadLogs'>;

/** Nobody hosts it: there is no file to read again, and nothing to end. */
export const NO_LIFECYCLE: AgentLifecycle = { reload: () => Promise.resolve(), leave: () => Promise.resolve() };
