import type { Located, LocatedMap } from '../../schema/located.ts';

/** Values by path (`resource`, `container`, `web`), put together into what a scope holds under each first name. */
export class ScopeTree {
  readonly #roots = new Map<string, Branch>();

  set(path: readonly string[], value: Located): void {
    let branch: Branch = this.#roots;
    for (const name of path.slice(0, -1)) {
      const next = branch.get(name);
      if (next instanceof Map) branch = next;
      else {
        const made: Branch = new Map();
        branch.set(name, made);
        branch = made;
      }
    }
    branch.set(path.at(-1)!, value);
  }

  /** There is something to be said about this name, even if nothing is in it. */
  open(root: string): void {
    if (!this.#roots.has(root)) this.#roots.set(root, new Map());
  }

  get isEmpty(): boolean {
    return this.#roots.size === 0;
  }

  get variables(): ReadonlyMap<string, Located> {
    return new Map([...this.#roots].map(([name, branch]) => [name, mapOf(branch)]));
  }
}

type Branch = Map<string, Branch | Located>;

function mapOf(branch: Branch): LocatedMap {
  return {
    type: 'map',
    entries: [...branch].map(([key, value]) => ({ key, value: value instanceof Map ? mapOf(value) : value })),
  };
}
