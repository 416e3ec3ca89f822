import type { Range } from '../../base/source.ts';
import type { Expression, Step, TemplatePart } from './ast.ts';

/** A name that an expression needs from outside, with the part of the way that is written out. */
export interface Reference {
  /** `resource.container.web` as `['resource', 'container', 'web']`: up to the first step that has to be computed. */
  readonly path: readonly string[];
  readonly range: Range;
}

/** Every variable that an expression reads, in the order of the text; names that a `for` binds are its own. */
export function referencesIn(expression: Expression): Reference[] {
  const found: Reference[] = [];
  new Walker(found).expression(expression, new Set());
  return found;
}

class Walker {
  readonly #found: Reference[];

  constructor(found: Reference[]) {
    this.#found = found;
  }

  expression(expression: Expression, bound: ReadonlySet<string>): void {
    switch (expression.kind) {
      case 'literal':
        break;
      case 'template':
        this.#parts(expression.parts, bound);
        break;
      case 'variable':
        this.#path(expression, [], bound);
        break;
      case 'traversal':
        if (expression.of.kind === 'variable') this.#path(expression.of, expression.steps, bound);
        else this.expression(expression.of, bound);
        this.#keys(expression.steps, bound);
        break;
      case 'splat':
        this.expression(expression.of, bound);
        this.#keys(expression.each, bound);
        break;
      case 'for': {
        this.expression(expression.collection, bound);
        const inner = bind(bound, expression.keyName, expression.valueName);
        for (const part of [expression.key, expression.value, expression.condition]) if (part) this.expression(part, inner);
        break;
      }
      case 'conditional':
        for (const part of [expression.condition, expression.whenTrue, expression.whenFalse]) this.expression(part, bound);
        break;
      case 'unary':
        this.expression(expression.operand, bound);
        break;
      case 'binary': {
        // A long chain leans to the left: a loop takes it down.
        const rights: Expression[] = [];
        let left: Expression = expression;
        for (; left.kind === 'binary'; left = left.left) rights.push(left.right);
        this.expression(left, bound);
        for (const right of rights.toReversed()) this.expression(right, bound);
        break;
      }
      case 'call':
        for (const arg of expression.args) this.expression(arg, bound);
        break;
      case 'list':
        for (const item of expression.items) this.expression(item, bound);
        break;
      case 'object':
        for (const { key, value } of expression.items) {
          this.expression(key, bound);
          this.expression(value, bound);
        }
        break;
      case 'parens':
        this.expression(expression.inner, bound);
        break;
    }
  }

  #path(root: Expression & { kind: 'variable' }, steps: readonly Step[], bound: ReadonlySet<string>): void {
    if (bound.has(root.name)) return;
    const written = writtenOut(steps);
    const end = steps[written.length - 1]?.range.end ?? root.range.end;
    this.#found.push({ path: [root.name, ...written], range: { ...root.range, end } });
  }

  #keys(steps: readonly Step[], bound: ReadonlySet<string>): void {
    for (const step of steps) if (step.kind === 'index') this.expression(step.key, bound);
  }

  #parts(parts: readonly TemplatePart[], bound: ReadonlySet<string>): void {
    for (const part of parts) {
      if (part.kind === 'interpolation') this.expression(part.expression, bound);
      else if (part.kind === 'if') {
        this.expression(part.condition, bound);
        this.#parts(part.whenTrue, bound);
        this.#parts(part.whenFalse, bound);
      } else if (part.kind === 'for') {
        this.expression(part.collection, bound);
        this.#parts(part.body, bind(bound, part.keyName, part.valueName));
      }
    }
  }
}

/** The names and literal indexes of the steps up to the first that has to be computed. */
export function writtenOut(steps: readonly Step[]): string[] {
  const written: string[] = [];
  for (const step of steps) {
    const segment = segmentOf(step);
    if (segment === undefined) break;
    written.push(segment);
  }
  return written;
}

/** The name or literal index of a step, if it is written out. */
export function segmentOf(step: Step): string | undefined {
  if (step.kind === 'attribute') return step.name;
  return literalText(step.key);
}

/** The text of a template without anything to compute, or of a literal number or string. */
export function literalText(expression: Expression): string | undefined {
  if (expression.kind === 'literal') {
    const { value } = expression;
    if (value.type === 'string') return value.value;
    return value.type === 'number' ? (value.raw ?? String(value.value)) : undefined;
  }
  if (expression.kind !== 'template') return undefined;
  let text = '';
  for (const part of expression.parts) {
    if (part.kind !== 'text') return undefined;
    text += part.text;
  }
  return text;
}

function bind(bound: ReadonlySet<string>, keyName: string | undefined, valueName: string): ReadonlySet<string> {
  return new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])]);
}
