import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Block, Expression } from '../hcl/hcl2/ast.ts';
import { bodyToLocated, evaluate, referencesIn, type Scope } from '../hcl/hcl2/index.ts';
import { decode } from '../schema/decode.ts';
import type { Located } from '../schema/located.ts';
import { any, object, optional, string } from '../schema/schema.ts';
import { blueprintFunctions } from './functions/index.ts';
import type { LoadOptions } from './loaded.ts';
import { nameOf } from './names.ts';
import { type GivenValue, inTypeOf, valueOfEnvironment } from './variable-values.ts';

export const VARIABLE = object({
  default: optional(any(), 'Its value if nothing else gives one; other values are read as one of its type.'),
  description: optional(string(), 'What it is for.'),
});

interface Declaration {
  readonly name: string;
  readonly file: string;
  readonly range: Range;
  readonly standard: Expression | undefined;
  readonly required: boolean;
}

type Report = (...found: Diagnostic[]) => void;

/**
 * The variables of a blueprint and all of its modules: one name space, in which what was declared first (further out) wins.
 * Values from weak to strong: default, `*.vars` of the folder, `--vars-file`, `MESH_VAR_x`, `--var` (Shipyard's order).
 */
export class Variables {
  readonly #options: LoadOptions;
  readonly #report: Report;
  readonly #declared = new Map<string, Declaration>();
  /** Those that have been looked at, with success or not. */
  readonly #known = new Set<string>();
  readonly #values = new Map<string, Located>();
  /** By file, as long as no further value is known. */
  readonly #scopes = new Map<string, Scope>();
  #complete = true;
  /** Of files, weak ones first. */
  #given: readonly GivenValue[] = [];

  constructor(options: LoadOptions, report: Report) {
    this.#options = options;
    this.#report = (...found) => {
      if (hasErrors(found)) this.#complete = false;
      report(...found);
    };
  }

  /** Before anything is declared. */
  give(values: readonly GivenValue[]): void {
    this.#given = values;
  }

  /** False when something is wrong with a variable: what uses it can't be computed. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Declares what one folder holds, and gives it values. `required` false: of a module that is left out, which needs none. */
  declare(blocks: readonly { readonly block: Block; readonly file: string }[], { required }: { required: boolean }): void {
    const here = new Map<string, Declaration>();
    for (const { block, file } of blocks) {
      const declaration = this.#declarationOf(block, file, required);
      const earlier = declaration && here.get(declaration.name);
      if (declaration && earlier) {
        const related = { range: earlier.range, message: 'first declared here' };
        this.#report(errorAt(declaration.range, `variable "${declaration.name}" is declared twice`, { related }));
      } else if (declaration) here.set(declaration.name, declaration);
    }
    const fresh = [...here.values()].filter(({ name }) => !this.#declared.has(name));
    for (const declaration of fresh) this.#declared.set(declaration.name, declaration);
    for (const declaration of fresh) this.#value(declaration, []);
  }

  /** What expressions of a file may use. */
  scopeOf(file: string): Scope {
    const known = this.#scopes.get(file);
    if (known) return known;
    const values: Located = { type: 'map', entries: [...this.#values].map(([key, value]) => ({ key, value })) };
    const scope: Scope = {
      // Shipyard's name for them, and Jumppad's.
      variables: new Map([
        ['var', values],
        ['variable', values],
      ]),
      functions: blueprintFunctions(file, this.#options),
      absent: ([root, name]) => ((root === 'var' || root === 'variable') && name !== undefined ? this.#undeclared(name) : undefined),
    };
    this.#scopes.set(file, scope);
    return scope;
  }

  /** Values for variables that neither the blueprint nor a module declares. Those of the environment may be meant for others. */
  undeclared(): Diagnostic[] {
    const ofFiles = this.#given.filter(({ name }) => !this.#declared.has(name));
    const ofOptions = (this.#options.given?.assignments ?? []).filter(({ name }) => !this.#declared.has(name));
    return [
      ...ofFiles.map(({ name, range }) => ({ ...errorAt(range, ''), ...this.#undeclared(name) })),
      ...ofOptions.map(({ name }) => ({
        ...errorAt(undefined, ''),
        ...this.#undeclared(name),
        summary: `--var ${name}: there is no such variable`,
      })),
    ];
  }

  #undeclared(name: string): Pick<Diagnostic, 'summary' | 'hint'> {
    if (this.#declared.has(name)) return { summary: `variable "${name}" has no value` };
    const known = [...this.#declared.keys()];
    const list = known.length === 0 ? `declare it: variable "${name}" { default = … }` : `declared: ${known.toSorted().join(', ')}`;
    return { summary: `variable "${name}" is not declared`, hint: list, ...didYouMean(name, known) };
  }

  #declarationOf(block: Block, file: string, required: boolean): Declaration | undefined {
    const name = nameOf(block, this.#report);
    if (name === undefined) return undefined;
    // The default is computed when all variables are known: it may refer to them.
    const { value, diagnostics } = bodyToLocated(
      { ...block.body, attributes: block.body.attributes.filter((a) => a.name !== 'default') },
      this.scopeOf(file),
    );
    const decoded = decode(value, VARIABLE, { subject: `variable "${name}"`, header: block.headerRange });
    this.#report(...diagnostics, ...decoded.diagnostics);
    const standard = block.body.attributes.find((attribute) => attribute.name === 'default')?.value;
    return { name, file, range: block.headerRange, standard, required };
  }

  /** `path`: variables whose defaults led here. */
  #value(declaration: Declaration, path: readonly string[]): void {
    const { name, range } = declaration;
    if (this.#known.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name];
      for (const one of circle) this.#known.add(one);
      this.#report(errorAt(range, `variables depend on each other in a circle: ${circle.join(' -> ')}`));
      return;
    }
    const standard = this.#standard(declaration, [...path, name]);
    // In a circle.
    if (this.#known.has(name)) return;
    this.#known.add(name);
    const given = this.#strongest(name);
    if (given) {
      const { value, problems } = inTypeOf(standard, given);
      this.#report(...problems);
      this.#know(name, value);
    } else if (standard) this.#know(name, standard);
    else if (declaration.required) {
      const ways = `--var ${name}=…, MESH_VAR_${name}=… in the environment, or "${name} = …" in a *.vars file of the blueprint's folder`;
      this.#report(errorAt(range, `variable "${name}" has no value`, { detail: 'it has no default', hint: `give it one with ${ways}` }));
    }
  }

  #know(name: string, value: Located): void {
    this.#values.set(name, value);
    this.#scopes.clear();
  }

  #standard({ standard, file }: Declaration, path: readonly string[]): Located | undefined {
    if (!standard) return undefined;
    for (const reference of referencesIn(standard)) {
      const needed =
        reference.path[0] === 'var' || reference.path[0] === 'variable' ? this.#declared.get(reference.path[1] ?? '') : undefined;
      if (needed) this.#value(needed, path);
    }
    if (this.#known.has(path.at(-1)!)) return undefined;
    const { value, diagnostics } = evaluate(standard, this.scopeOf(file));
    this.#report(...diagnostics);
    return value;
  }

  #strongest(name: string): GivenValue | undefined {
    const assigned = this.#options.given?.assignments.findLast((assignment) => assignment.name === name);
    if (assigned) return { name, origin: `--var ${name}`, value: assigned.text };
    return valueOfEnvironment(name, this.#options.env) ?? this.#given.findLast((value) => value.name === name);
  }
}
