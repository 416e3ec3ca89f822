import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { Expression } from '../../hcl/hcl2/ast.ts';
import { type BodyResult, bodyToLocated, evaluate, type Reference, referencesIn, type Scope } from '../../hcl/hcl2/index.ts';
import type { Located } from '../../schema/located.ts';
import { resourceTypeOf } from '../resources/index.ts';
import { absentName } from './absent.ts';
import { expressionsIn } from './expressions.ts';
import { lookUp, ROOTS } from './look-up.ts';
import type { Declared, DeclaredResource, Namespace } from './namespace.ts';
import { type KnownOutputs, resourceValue, runningValue } from './resource-value.ts';
import { ScopeTree } from './scope-tree.ts';

/** What is computed of something that has a name. */
interface Result {
  readonly value: Located;
  /** Keys of the resources whose values are in it, directly or not. */
  readonly uses: ReadonlySet<string>;
}

export interface EvaluationOptions {
  /** What every expression of a file may use: functions, and the variables of the root. */
  scopeOf(file: string): Scope;
  /** What is known of the outputs of a resource that was lowered. */
  outputsOf(key: string): KnownOutputs;
  /** Keys of resources that run, of other blueprints. */
  readonly running: ReadonlySet<string>;
  /** What they give. */
  outputsOfRunning(key: string): KnownOutputs;
  readonly report: (...found: Diagnostic[]) => void;
}

/** What variables are called: by Shipyard, by Jumppad. */
const VARIABLES: readonly string[] = ['var', 'variable'];

/**
 * Computes expressions on demand: what one refers to is computed first, wherever it stands. Each thing is computed once, until
 * `forget` says that more is known.
 */
export class Evaluation {
  readonly #options: EvaluationOptions;
  readonly #results = new Map<Declared, Result>();
  readonly #bodies = new Map<DeclaredResource, BodyResult & { readonly uses: ReadonlySet<string> }>();
  /** What led here. */
  readonly #under: Declared[] = [];
  #refersToOutputs = false;

  constructor(options: EvaluationOptions) {
    this.#options = options;
  }

  /** Whether an expression has asked for the value of a resource that gives some only when it is applied. */
  get refersToOutputs(): boolean {
    return this.#refersToOutputs;
  }

  /** Outputs are known now that were not before. */
  forget(): void {
    this.#results.clear();
    this.#bodies.clear();
  }

  /** Computes what has a name but is used nowhere, for what is wrong with it. */
  checkValues(namespace: Namespace): void {
    for (const declared of namespace.values.values()) this.#value(declared);
    for (const inner of namespace.modules.values()) this.checkValues(inner);
  }

  /** The attributes and blocks of a resource. */
  body(resource: DeclaredResource): BodyResult & { readonly uses: ReadonlySet<string> } {
    const known = this.#bodies.get(resource);
    if (known) return known;
    const { scope, uses } = this.scopeFor(expressionsIn(resource.block.body), resource);
    const body = { ...bodyToLocated(resource.block.body, scope), uses };
    this.#bodies.set(resource, body);
    return body;
  }

  /** What these expressions may use, where they stand; `uses`: keys of resources whose values are among it. */
  scopeFor(
    expressions: readonly Expression[],
    { file, namespace }: Pick<Declared, 'file' | 'namespace'>,
  ): { scope: Scope; uses: Set<string> } {
    const own = this.#options.scopeOf(file);
    const tree = new ScopeTree();
    const uses = new Set<string>();
    for (const reference of expressions.flatMap(referencesIn)) this.#provide(reference, namespace, tree, uses);
    const isRoot = namespace.parent === undefined;
    if (isRoot && tree.isEmpty) return { scope: own, uses };
    // A module in Jumppad's form sees no variables but its own.
    const inherited = [...own.variables].filter(([name]) => isRoot || !VARIABLES.includes(name));
    const scope: Scope = {
      variables: new Map([...inherited, ...tree.variables]),
      functions: own.functions,
      absent: (path) => absentName(path, namespace, this.#options.running) ?? (isRoot ? own.absent?.(path) : undefined),
    };
    return { scope, uses };
  }

  /** Computes what a reference needs, and puts it where the expression will look for it. */
  #provide({ path }: Reference, namespace: Namespace, tree: ScopeTree, uses: Set<string>): void {
    const [root = ''] = path;
    // Variables of the root are known to every file.
    if (!ROOTS.has(root) || (VARIABLES.includes(root) && !namespace.parent)) return;
    tree.open(root);
    const found = lookUp(path, namespace);
    for (const { path: place, declared } of found) put(place, this.#value(declared), tree, uses);
    if (found.length === 0 && root === 'resource' && !namespace.parent) this.#provideRunning(path, tree, uses);
  }

  /** A resource of another blueprint. */
  #provideRunning([root, written, name]: readonly string[], tree: ScopeTree, uses: Set<string>): void {
    if (root === undefined || written === undefined || name === undefined) return;
    const key = `${resourceTypeOf(written)?.type ?? written}.${name}`;
    if (!this.#options.running.has(key)) return;
    const value = runningValue(`resource.${key}`, this.#options.outputsOfRunning(key));
    put([root, written, name], { value, uses: new Set([key]) }, tree, uses);
  }

  #value(declared: Declared): Result {
    const known = this.#results.get(declared);
    if (known) return known;
    const at = this.#under.indexOf(declared);
    if (at !== -1) return this.#circle(this.#under.slice(at));
    this.#under.push(declared);
    try {
      const result = declared.kind === 'value' ? this.#expression(declared) : this.#resource(declared);
      this.#results.set(declared, result);
      return result;
    } finally {
      this.#under.pop();
    }
  }

  #expression({ expression, file, namespace }: Declared & { readonly kind: 'value' }): Result {
    const { scope, uses } = this.scopeFor([expression], { file, namespace });
    const { value, diagnostics } = evaluate(expression, scope);
    this.#options.report(...diagnostics);
    return { value: diagnostics.length > 0 ? { type: 'unknown' } : value, uses };
  }

  #resource(resource: DeclaredResource): Result {
    if (resource.type.outputs) this.#refersToOutputs = true;
    // What is wrong in its block is reported there.
    const { value } = this.body(resource);
    return { value: resourceValue(resource, value, this.#options.outputsOf(resource.key)), uses: new Set([resource.key]) };
  }

  #circle(members: readonly Declared[]): Result {
    const titles = members.map((one) => (one.kind === 'value' ? one.title : one.key));
    const first = members[0]!;
    const range = first.kind === 'value' ? first.expression.range : first.block.headerRange;
    this.#options.report(
      errorAt(range, `values depend on each other in a circle: ${[...titles, titles[0]].join(' -> ')}`, {
        hint: 'take one of these references away',
      }),
    );
    return { value: { type: 'unknown' }, uses: new Set() };
  }
}

function put(path: readonly string[], { value, uses: used }: Result, tree: ScopeTree, uses: Set<string>): void {
  tree.set(path, value);
  for (const key of used) uses.add(key);
}
