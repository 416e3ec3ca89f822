import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Located } from '../../schema/located.ts';

/** What an expression may read and call. Given by the caller, because most of it is not the language's business. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Located>;
  readonly functions: Functions;
  /**
   * What to say when a path leads to nothing: `var.regoin`, as far as it is written out. `names`: how many of them that is about
   * (by default the first two); of what is missing further on the general message tells, as it does of undefined.
   */
  absent?(path: readonly string[]): (Pick<Diagnostic, 'summary' | 'detail' | 'hint'> & { readonly names?: number }) | undefined;
}

/** What can be called, by name. A map, or something that makes them when they are asked for: most files call none. */
export type Functions = Pick<ReadonlyMap<string, HclFunction>, 'get' | 'keys'>;

/** A function that expressions can call. Pure, or an effect that the caller chose to offer (`env`, `file`). */
export interface HclFunction {
  /** Names of the parameters, as they stand in messages. */
  readonly parameters: readonly string[];
  /** Name of a last parameter that takes any number of arguments. */
  readonly variadic?: string;
  call(args: readonly Located[]): Located | FunctionFailure;
}

/** A call that can't give a value: the message is shown at the argument, or at the call. */
export interface FunctionFailure {
  readonly type: 'failure';
  readonly message: string;
  /** Index of the argument at fault. */
  readonly argument?: number;
  readonly hint?: string;
}

export function failure(message: string, argument?: number, hint?: string): FunctionFailure {
  return { type: 'failure', message, ...(argument === undefined ? {} : { argument }), ...(hint === undefined ? {} : { hint }) };
}

/** What is wrong with calling a function with so many arguments, if anything. */
export function wrongArity(
  name: string,
  { parameters, variadic }: HclFunction,
  count: number,
): { summary: string; hint: string } | undefined {
  if (count === parameters.length || (count > parameters.length && variadic !== undefined)) return undefined;
  const wanted = parameters.length === 1 ? '1 argument' : `${parameters.length} arguments`;
  const signature = [...parameters, ...(variadic === undefined ? [] : [`${variadic}...`])].join(', ');
  return {
    summary: `${name} takes ${variadic === undefined ? wanted : `at least ${wanted}`}, not ${count}`,
    hint: `write ${name}(${signature})`,
  };
}
