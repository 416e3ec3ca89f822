import type { BlueprintMetadata } from './metadata.ts';
import type { Written } from './written.ts';

/** What a blueprint asks for, after everything has been read and evaluated: plain JSON, self-contained, ready to be sent to the agent. */
export interface DesiredGraph {
  readonly blueprint: BlueprintRef;
  /** What the user typed for the blueprint: commands to type next name it like that. By default its name. */
  readonly typed?: string;
  /** Dependencies come before their dependents. */
  readonly resources: readonly DesiredResource[];
  /**
   * Resources of which a part is known only when others have been applied: the blueprint is read again then. What runs under
   * their keys stays as it is until that time.
   */
  readonly deferred?: readonly DeferredResource[];
}

export interface DeferredResource {
  readonly key: string;
  readonly dependsOn: readonly string[];
}

export interface BlueprintRef {
  /** Canonical path of the folder or file: what makes two blueprints the same. */
  readonly id: string;
  /** What people type: `v2`. */
  readonly name: string;
  /** What it says of itself. */
  readonly metadata?: BlueprintMetadata;
  /** Applied blueprints that it builds on: they stay as long as it does. */
  readonly buildsOn?: readonly Base[];
}

/** What names an applied blueprint. */
export type Base = Pick<BlueprintRef, 'id' | 'name'>;

export interface DesiredResource {
  /** `<type>.<name>` */
  readonly key: string;
  readonly type: string;
  readonly name: string;
  /** Keys of the same graph, or of resources that run already. */
  readonly dependsOn: readonly string[];
  /** As its type's `lower` made it. */
  readonly spec: unknown;
  /** As its block has it. Absent where an earlier version applied it. */
  readonly written?: Written;
  /** `v2/web.hcl:3`, as it is called where it was read. */
  readonly definedAt: string;
  /** The same for every folder: `/shop/v2/web.hcl:3`. Absent where an earlier version applied it. */
  readonly place?: string;
  /** Of its config entries those that are written elsewhere, as in a file that its block names; by `entryPlaceKey`. */
  readonly entryPlaces?: Readonly<Record<string, string>>;
}

/** `service-router/payments` */
export const entryPlaceKey = (kind: string, name: string): string => `${kind}/${name}`;

/** Orders resources so that dependencies come first; returns the cycle (its keys, first one repeated) if there is one. */
export function topologicalOrder<T extends { key: string; dependsOn: readonly string[] }>(
  resources: readonly T[],
): { order: T[]; cycle?: string[] } {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]));
  const done = new Set<string>();
  const path: string[] = [];
  const order: T[] = [];
  let cycle: string[] | undefined;
  const visit = (resource: T): void => {
    if (done.has(resource.key) || cycle) return;
    const at = path.indexOf(resource.key);
    if (at !== -1) {
      cycle = [...path.slice(at), resource.key];
      return;
    }
    path.push(resource.key);
    for (const key of resource.dependsOn) {
      const dependency = byKey.get(key);
      if (dependency) visit(dependency);
    }
    path.pop();
    done.add(resource.key);
    order.push(resource);
  };
  for (const resource of resources) visit(resource);
  return cycle ? { order, cycle } : { order };
}
