import type { AclAccess, AclResource, Authorizer } from '../../acl/authorizer.ts';

/**
 * The rights of one request. The token is looked up when the first right is asked for, and again for each further one: a
 * request that blocks sees what was revoked meanwhile.
 */
export class RequestAuthorizer implements Authorizer {
  readonly #resolve: () => Authorizer;
  #filtered = false;

  constructor(resolve: () => Authorizer) {
    this.#resolve = resolve;
  }

  /** Something was left out of the answer. */
  get filtered(): boolean {
    return this.#filtered;
  }

  get unrestricted(): boolean {
    return this.#resolve().unrestricted;
  }

  allows(resource: AclResource, access: AclAccess, name?: string): boolean {
    return this.#resolve().allows(resource, access, name);
  }

  allowsAll(resource: AclResource, access: AclAccess, prefix?: string): boolean {
    return this.#resolve().allowsAll(resource, access, prefix);
  }

  allowsAny(resource: AclResource, access: AclAccess): boolean {
    return this.#resolve().allowsAny(resource, access);
  }

  require(resource: AclResource, access: AclAccess, name?: string): void {
    this.#resolve().require(resource, access, name);
  }

  filter<T>(items: readonly T[], allowed: (item: T) => boolean): readonly T[] {
    if (this.#resolve().unrestricted) return items;
    const kept = items.filter(allowed);
    if (kept.length < items.length) this.#filtered = true;
    return kept;
  }
}
