import type { LogLine } from '../../api/log-line.ts';
import type { WorkloadLogs } from '../../control/agent/workload-logs.ts';
import { findWorkloads } from '../cli/find-workloads.ts';
import { follow } from '../cli/follow.ts';
import { lastOf } from '../cli/logs.ts';
import type { StatusReport } from '../rpc/status.ts';

/** From the files that workloads write to, as `mesh logs` reads them. */
export function workloadLogs(report: () => Promise<Pick<StatusReport, 'workloads' | 'services'>>): WorkloadLogs {
  return {
    async read(service, count) {
      const found = findWorkloads(service, await report());
      if (found.length === 0) return undefined;
      const read = await Promise.all(found.map(async ({ name, log }) => ({ name, log, ...(await lastOf(log, count, true)) })));
      return {
        lines: read.flatMap(({ name, lines }) => lines.map((line): LogLine => ({ workload: name, line }))),
        follow: async (push, signal) => {
          await Promise.all(read.map(({ name, log, end }) => follow(log, end, (line) => push({ workload: name, line }), signal)));
        },
      };
    },
  };
}
