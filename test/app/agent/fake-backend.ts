import type { RegistryBackend } from '../../../src/app/agent/registry.ts';
import { servicesOf } from '../../../src/app/agent/registry-backend.ts';
import { Watchable } from '../../../src/base/watch.ts';
import * as queries from '../../../src/catalog/queries.ts';
import { emptySnapshot, type Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { Op } from '../../../src/catalog/types.ts';
import type { ProbeOutcome } from '../../../src/compile/proxy-config.ts';

/** A control plane in memory, with the real catalog. As the real one, it applies what is committed a moment later. */
export class FakeBackend implements RegistryBackend {
  readonly datacenter = 'dc1';
  readonly proxyStates = new Watchable<ReadonlyMap<string, string>>(new Map());
  readonly hosted = new Set<string>();
  /** Who left, and which services stood in the catalog then. */
  readonly left: string[] = [];
  drained: Promise<void> = Promise.resolve();
  outcomes: Record<string, ProbeOutcome>[] = [];
  snapshot: Snapshot = emptySnapshot(['dc1']);
  #tail: Promise<unknown> = Promise.resolve();

  commit(ops: readonly Op[]): Promise<{ applied: boolean }> {
    const done = this.#tail.then(() => {
      const before = this.snapshot;
      for (const op of ops) {
        const { snapshot, applied } = transact(this.snapshot, op);
        if (!applied) {
          this.snapshot = before;
          return { applied };
        }
        this.snapshot = snapshot;
      }
      return { applied: true };
    });
    this.#tail = done;
    return done;
  }

  async settled(): Promise<void> {
    await this.#tail;
  }

  entry(dc: string, kind: string, name: string) {
    return queries.entry(this.snapshot, dc, kind, name).value;
  }

  datacenters(): string[] {
    return queries.datacenterNames(this.snapshot);
  }

  services(dc: string) {
    return servicesOf(this.snapshot, dc);
  }

  checkStatus(dc: string, node: string, checkId: string) {
    return queries.nodeChecks(this.snapshot, dc, node).value.find((check) => check.CheckID === checkId)?.Status;
  }

  host({ dc, node, id }: { dc: string; node: string; id: string }): void {
    this.hosted.add(`${dc}/${node}/${id}`);
  }

  leave({ dc, node, id }: { dc: string; node: string; id: string }): Promise<void> {
    this.left.push(`${dc}/${node}/${id} ${this.names().join()}`);
    return this.drained;
  }

  unhost({ dc, node, id }: { dc: string; node: string; id: string }): void {
    this.hosted.delete(`${dc}/${node}/${id}`);
  }

  probe(): Promise<Record<string, ProbeOutcome>> {
    return Promise.resolve(this.outcomes.shift() ?? {});
  }

  nodeId(): string {
    return '6b5b9b6e-0000-4000-8000-000000000001';
  }

  /** What each check of a node says. */
  checks(node: string): Record<string, string> {
    const checks = queries.nodeChecks(this.snapshot, 'dc1', node).value;
    return Object.fromEntries(checks.filter((check) => check.ServiceID !== '').map((check) => [check.CheckID, check.Status]));
  }

  nodes(): string[] {
    return queries.nodes(this.snapshot, 'dc1').value.map((node) => node.Node);
  }

  names(): string[] {
    return Object.keys(queries.services(this.snapshot, 'dc1').value).toSorted();
  }
}
