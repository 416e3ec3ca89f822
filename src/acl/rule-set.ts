import type { AclRule } from '../catalog/acl-rows.ts';
import type { AclAccess } from './authorizer.ts';
import { ACCESSES } from './rule.ts';

/** What rules say of a question: nothing, when none speaks of it. */
export type Decision = 'allow' | 'deny' | undefined;

const STRENGTH = new Map<string, number>(ACCESSES.map((access, i) => [access, i]));

/** Where several policies say different things of the same: deny before write before list before read (Consul). */
function stronger(a: string | undefined, b: string): string {
  return a === undefined || STRENGTH.get(b)! > STRENGTH.get(a)! ? b : a;
}

/** The rules for one resource: an exact name decides before a prefix, and the longest prefix before others. */
export class NameRules {
  readonly #exact = new Map<string, string>();
  readonly #prefixes = new Map<string, string>();
  /** Lengths of the prefixes, longest first. */
  #lengths: number[] = [];

  add(name: string, prefix: boolean, access: string): void {
    const rules = prefix ? this.#prefixes : this.#exact;
    rules.set(name, stronger(rules.get(name), access));
    if (prefix) this.#lengths = [...new Set([...this.#prefixes.keys()].map((key) => key.length))].sort((a, b) => b - a);
  }

  decide(name: string, wanted: AclAccess): Decision {
    const exact = this.#exact.get(name);
    return exact === undefined ? this.#decidePrefix(name, wanted) : enforce(exact, wanted);
  }

  /** Everything whose name begins with `prefix`: the rule for the prefix itself, and none below that forbids. */
  decideAll(prefix: string, wanted: AclAccess): Decision {
    const base = this.#decidePrefix(prefix, wanted);
    if (base === 'deny') return 'deny';
    for (const rules of [this.#exact, this.#prefixes]) {
      for (const [name, access] of rules) if (name.startsWith(prefix) && enforce(access, wanted) === 'deny') return 'deny';
    }
    return base;
  }

  /** Whether a rule grants it for some name. */
  grantsAny(wanted: AclAccess): boolean {
    return [...this.#exact.values(), ...this.#prefixes.values()].some((access) => enforce(access, wanted) === 'allow');
  }

  #decidePrefix(name: string, wanted: AclAccess): Decision {
    for (const length of this.#lengths) {
      if (length > name.length) continue;
      const access = this.#prefixes.get(name.slice(0, length));
      if (access !== undefined) return enforce(access, wanted);
    }
    return undefined;
  }
}

/** Several policies as one. */
export class RuleSet {
  readonly #plain = new Map<string, string>();
  readonly #named = new Map<string, NameRules>();

  constructor(rules: Iterable<AclRule>) {
    const services: AclRule[] = [];
    for (const rule of rules) {
      if (rule.name === undefined) this.#plain.set(rule.resource, stronger(this.#plain.get(rule.resource), rule.access));
      else this.#of(rule.resource).add(rule.name, rule.prefix === true, rule.access);
      if (rule.resource === 'service') services.push(rule);
    }
    for (const rule of mergedServices(services)) this.#of('intention').add(rule.name!, rule.prefix === true, intentionAccess(rule));
  }

  plain(resource: string, wanted: AclAccess): Decision {
    const access = this.#plain.get(resource);
    return access === undefined ? undefined : enforce(access, wanted);
  }

  named(resource: string): NameRules | undefined {
    return this.#named.get(resource);
  }

  #of(resource: string): NameRules {
    const known = this.#named.get(resource) ?? new NameRules();
    this.#named.set(resource, known);
    return known;
  }
}

/** Rules that name the same service are one first: what one of them says of intentions counts with the access of another. */
function mergedServices(rules: readonly AclRule[]): AclRule[] {
  const merged = new Map<string, AclRule>();
  for (const rule of rules) {
    const key = `${rule.prefix ? 'prefix' : 'exact'} ${rule.name}`;
    const known = merged.get(key);
    const intentions = rule.intentions === undefined ? known?.intentions : stronger(known?.intentions, rule.intentions);
    merged.set(key, { ...rule, access: stronger(known?.access, rule.access), ...(intentions === undefined ? {} : { intentions }) });
  }
  return [...merged.values()];
}

/** Consul: who may read or write a service may see the intentions to it; to write those needs to be said. */
function intentionAccess({ access, intentions }: AclRule): string {
  return intentions ?? (access === 'deny' ? 'deny' : 'read');
}

function enforce(granted: string, wanted: AclAccess): Decision {
  if (granted === 'write') return 'allow';
  if (granted === 'list') return wanted === 'write' ? 'deny' : 'allow';
  return granted === 'read' && wanted === 'read' ? 'allow' : 'deny';
}
