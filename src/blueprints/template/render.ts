import { type Diagnostic, errorAt, warningAt } from '../../base/diagnostic.ts';
import type { Range, Source } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Command, Field, Node, Operand, Pipe } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { parseTemplate } from './parser.ts';
import { FunctionError, TemplateError } from './template-error.ts';
import { formatted, isMap, isTrue, kindOf, printed, sortedKeys, type Value } from './value.ts';

export interface RenderOptions {
  /** The dot of the whole template: `{ Vars: … }`. */
  readonly data: { readonly [key: string]: Value };
  /** What `file` gives; undefined if it has reported that there is none. */
  file(path: string, range: Range): Promise<string | undefined>;
}

export interface Rendered {
  /** Absent when there are errors. */
  readonly text?: string;
  /** Ranges are in the template. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Renders a template in the language of Go's text/template, between Shipyard's `#{{` and `}}`, without `define` and
 * `template`. Computes only; `file` is the caller's.
 */
export async function renderTemplate(source: Source, options: RenderOptions): Promise<Rendered> {
  const warnings: Diagnostic[] = [];
  try {
    const renderer = new Renderer(options, (warning) => warnings.push(warning));
    const text = await renderer.render(parseTemplate(source));
    return { text, diagnostics: warnings };
  } catch (error) {
    if (error instanceof Unreadable) return { diagnostics: warnings };
    if (!(error instanceof TemplateError)) throw error;
    return { diagnostics: [...warnings, errorAt(error.range, error.message, error.more)] };
  }
}

/** A file could not be read, which has been reported. */
class Unreadable extends Error {}

type Jump = 'break' | 'continue' | undefined;

class Renderer {
  readonly #options: RenderOptions;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #variables: { readonly name: string; value: Value }[];
  #dot: Value;
  #text = '';

  constructor(options: RenderOptions, warn: (warning: Diagnostic) => void) {
    this.#options = options;
    this.#warn = warn;
    this.#dot = options.data as Value;
    this.#variables = [{ name: '$', value: this.#dot }];
  }

  async render(nodes: readonly Node[]): Promise<string> {
    await this.#all(nodes);
    return this.#text;
  }

  async #all(nodes: readonly Node[]): Promise<Jump> {
    for (const node of nodes) {
      const jump = await this.#one(node);
      if (jump) return jump;
    }
    return undefined;
  }

  async #one(node: Node): Promise<Jump> {
    switch (node.kind) {
      case 'text':
        this.#text += node.text;
        return undefined;
      case 'action': {
        const value = await this.#pipe(node.pipe);
        if (node.pipe.variables.length > 0) return undefined;
        if (value === null) this.#warn(this.#noValue(node.pipe));
        this.#text += printed(value);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'range':
        return this.#inScope(() => this.#range(node));
      case 'if':
      case 'with':
        return this.#inScope(async () => {
          const value = await this.#pipe(node.pipe);
          if (!isTrue(value)) return this.#all(node.otherwise);
          return node.kind === 'with' ? this.#withDot(value, node.body) : this.#all(node.body);
        });
    }
  }

  async #range({ pipe, body, otherwise }: Node & { kind: 'range' | 'if' | 'with' }): Promise<Jump> {
    const [first, second] = pipe.variables;
    const over = await this.#commands(pipe);
    const items = itemsOf(over);
    if (!items) throw new TemplateError(pipe.range, `range needs a list or a map, not ${kindOf(over)}`);
    if (items.length === 0) return this.#all(otherwise);
    for (const [key, value] of items) {
      // One variable is the value, two are the key and the value.
      const bound = second === undefined ? [[first, value] as const] : [[first, key] as const, [second, value] as const];
      const jump = await this.#inScope(() => {
        for (const [name, given] of bound) if (name !== undefined) this.#bind(name, given, pipe.declares);
        return this.#withDot(value, body);
      });
      if (jump === 'break') break;
    }
    return undefined;
  }

  async #inScope<T>(work: () => Promise<T>): Promise<T> {
    const known = this.#variables.length;
    const result = await work();
    this.#variables.length = known;
    return result;
  }

  async #withDot(value: Value, body: readonly Node[]): Promise<Jump> {
    const outer = this.#dot;
    this.#dot = value;
    const jump = await this.#all(body);
    this.#dot = outer;
    return jump;
  }

  #bind(name: string, value: Value, declares: boolean): void {
    if (declares) this.#variables.push({ name, value });
    else this.#variables.findLast((variable) => variable.name === name)!.value = value;
  }

  async #pipe(pipe: Pipe): Promise<Value> {
    const value = await this.#commands(pipe);
    if (pipe.variables[0] !== undefined) this.#bind(pipe.variables[0], value, pipe.declares);
    return value;
  }

  async #commands({ commands }: Pipe): Promise<Value> {
    let value: Value | undefined;
    for (const command of commands) value = await this.#command(command, value);
    return value ?? null;
  }

  async #command({ operands, range }: Command, piped: Value | undefined): Promise<Value> {
    const [first, ...rest] = operands;
    if (first?.kind !== 'function') return this.#operand(first!);
    if (first.name === 'and' || first.name === 'or') return this.#logic(first.name, rest, { piped, range });
    const args: Value[] = [];
    for (const operand of rest) args.push(await this.#operand(operand));
    if (piped !== undefined) args.push(piped);
    return this.#call(first.name, args, range);
  }

  /** The first argument that decides, or the last one; those after it are not computed. */
  async #logic(
    name: 'and' | 'or',
    operands: readonly Operand[],
    { piped, range }: { piped: Value | undefined; range: Range },
  ): Promise<Value> {
    const count = operands.length + (piped === undefined ? 0 : 1);
    if (count === 0) throw wrongCount(name, range, 'at least 1', 0);
    let value: Value = null;
    for (let i = 0; i < count; i++) {
      const operand = operands[i];
      value = operand ? await this.#operand(operand) : piped!;
      if (isTrue(value) === (name === 'or')) return value;
    }
    return value;
  }

  async #call(name: string, args: readonly Value[], range: Range): Promise<Value> {
    if (name === 'file') {
      const path = args[0];
      if (args.length !== 1) throw wrongCount(name, range, '1', args.length);
      if (typeof path !== 'string') throw new TemplateError(range, `file needs a path, not ${kindOf(path!)}`);
      const text = await this.#options.file(path, range);
      if (text === undefined) throw new Unreadable();
      return text;
    }
    const called = FUNCTIONS[name]!;
    const { min, max } = called;
    if (args.length < min || args.length > max) {
      const count = min === max ? String(min) : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
      throw wrongCount(name, range, count, args.length);
    }
    try {
      return called.call(args);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      throw new TemplateError(range, `${name}: ${error.message}`);
    }
  }

  async #operand(operand: Operand): Promise<Value> {
    const value = await this.#base(operand);
    return operand.fields.reduce((of, field) => this.#field(of, field), value);
  }

  #base(operand: Operand): Promise<Value> | Value {
    switch (operand.kind) {
      case 'dot':
        return this.#dot;
      case 'literal':
        return operand.value;
      case 'variable':
        return this.#variables.findLast(({ name }) => name === operand.name)!.value;
      case 'pipe':
        return this.#pipe(operand.pipe);
      case 'function':
        return this.#call(operand.name, [], operand.range);
    }
  }

  #field(of: Value, { name, range }: Field): Value {
    if (isMap(of) && Object.hasOwn(of, name)) return of[name]!;
    // The outermost is no map but a struct: what it does not have is a mistake.
    if (of === this.#options.data) {
      const known = Object.keys(this.#options.data);
      const hint =
        name in (this.#options.data['Vars'] as object) ? `variables are below .Vars: .Vars.${name}` : `known here: .${known.join(', .')}`;
      throw new TemplateError(range, `there is no .${name} here`, { hint, ...didYouMean(name, known) });
    }
    if (isMap(of)) return null;
    throw new TemplateError(range, `${kindOf(of)} has no field ${JSON.stringify(name)}`);
  }

  /** Go prints it like this; hardly ever is it meant. */
  #noValue({ commands, range }: Pipe): Diagnostic {
    const operand = commands.length === 1 && commands[0]!.operands.length === 1 ? commands[0]!.operands[0]! : undefined;
    const name = operand?.fields.at(-1)?.name;
    const vars = this.#options.data['Vars'] ?? null;
    const known = isMap(vars) ? Object.keys(vars) : [];
    const what = range.source.text.slice(range.start, range.end);
    return warningAt(range, `${what} has no value`, {
      detail: 'it is printed as <no value>',
      hint: known.length === 0 ? '`vars` is empty' : `in "vars": ${known.join(', ')}`,
      ...(name === undefined ? {} : didYouMean(name, known)),
    });
  }
}

function itemsOf(value: Value): readonly (readonly [Value, Value])[] | undefined {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map((item, i) => [i, item]);
  if (isMap(value)) return sortedKeys(value).map((key) => [key, value[key]!]);
  // As Go from 1.22 on: so many times.
  if (typeof value === 'number' && Number.isInteger(value)) return Array.from({ length: Math.max(0, value) }, (_, i) => [i, i]);
  return undefined;
}

const wrongCount = (name: string, range: Range, wanted: string, found: number): TemplateError =>
  new TemplateError(range, `${name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, found ${formatted(found)}`);
