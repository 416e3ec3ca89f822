import type { Range } from '../../base/source.ts';
import type { Block, Expression } from '../../hcl/hcl2/ast.ts';
import type { Dialect, ResourceType } from '../resource-type.ts';

/** A block of a blueprint that names a resource, before anything of it is computed. */
export interface DeclaredResource {
  readonly kind: 'resource';
  /** `container.web`; in a namespaced module `container.consul.web`. */
  readonly key: string;
  /** Its own name, with those of its namespaced modules before it: `consul.web`. */
  readonly name: string;
  readonly type: ResourceType;
  readonly dialect: Dialect;
  readonly block: Block;
  readonly file: string;
  /** False when parts of the file could not be read: what is missing may be the fault of that. */
  readonly readable: boolean;
  /** Modules that it stands in, outermost first. */
  readonly modules: readonly string[];
  readonly namespace: Namespace;
}

/** A `local`, an `output`, or a variable of a namespaced module: an expression with a name. */
export interface DeclaredValue {
  readonly kind: 'value';
  /** As messages name it: `local.region`. */
  readonly title: string;
  readonly expression: Expression;
  readonly file: string;
  readonly namespace: Namespace;
}

export type Declared = DeclaredResource | DeclaredValue;

/**
 * Names that expressions can use without a path. Shipyard's modules share the one of the root; a module in Jumppad's form has
 * one of its own, in which names from outside are not seen.
 */
export class Namespace {
  /** Names of the modules that lead here, outermost first. */
  readonly path: readonly string[];
  readonly parent: Namespace | undefined;
  /** By `type.name`. */
  readonly resources = new Map<string, DeclaredResource>();
  /** Resources that are left out, by `type.name`, with the place where that is said. */
  readonly disabled = new Map<string, Range>();
  /** By `local.x`, `output.x` and, in a namespaced module, `variable.x`. */
  readonly values = new Map<string, DeclaredValue>();
  /** Modules with a name space of their own. */
  readonly modules = new Map<string, Namespace>();

  constructor(path: readonly string[] = [], parent?: Namespace) {
    this.path = path;
    this.parent = parent;
  }

  /** `consul.web` for `web` here. */
  nameOf(name: string): string {
    return [...this.path, name].join('.');
  }

  /** The id that Jumppad gives a resource: `module.consul.resource.container.web`. */
  idOf(type: string, name: string): string {
    return [...this.path.map((module) => `module.${module}`), 'resource', type, name].join('.');
  }

  get root(): Namespace {
    return this.parent?.root ?? this;
  }
}
