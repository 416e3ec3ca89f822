import type { Range } from '../../base/source.ts';
import type { Located } from '../../schema/located.ts';

/** What stands between two braces, or in a whole file. What could not be read has been reported and is left out. */
export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  readonly range: Range;
}

export interface Attribute {
  readonly name: string;
  readonly nameRange: Range;
  readonly value: Expression;
  readonly range: Range;
}

export interface Block {
  readonly type: string;
  readonly typeRange: Range;
  readonly labels: readonly Label[];
  readonly body: Body;
  /** From the type to the last label: what a problem with the whole block points at. */
  readonly headerRange: Range;
  readonly range: Range;
}

export interface Label {
  readonly value: string;
  readonly range: Range;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

export type Expression =
  /** null, a bool or a number. */
  | { readonly kind: 'literal'; readonly value: Located; readonly range: Range }
  | TemplateExpression
  | { readonly kind: 'variable'; readonly name: string; readonly range: Range }
  /** `of.name[key]…`: one node for the whole chain, so that its length costs no depth. */
  | { readonly kind: 'traversal'; readonly of: Expression; readonly steps: readonly Step[]; readonly range: Range }
  /** `of[*].name` or `of.*.name`: the steps are taken for each item. */
  | { readonly kind: 'splat'; readonly of: Expression; readonly each: readonly Step[]; readonly range: Range }
  | ForExpression
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly range: Range;
    }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression; readonly range: Range }
  | BinaryExpression
  | CallExpression
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly range: Range }
  | { readonly kind: 'object'; readonly items: readonly ObjectItem[]; readonly range: Range }
  | { readonly kind: 'parens'; readonly inner: Expression; readonly range: Range };

export type Step =
  | { readonly kind: 'attribute'; readonly name: string; readonly range: Range }
  | { readonly kind: 'index'; readonly key: Expression; readonly range: Range };

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorRange: Range;
  readonly left: Expression;
  readonly right: Expression;
  readonly range: Range;
}

export interface CallExpression {
  readonly kind: 'call';
  /** With its namespace, if any: `a::b`. */
  readonly name: string;
  readonly nameRange: Range;
  readonly args: readonly Expression[];
  /** `f(list...)`: the items of the last argument become arguments. */
  readonly expandLast: boolean;
  readonly range: Range;
}

/** `[for k, v in collection : value if condition]`, or with braces `{for … : key => value...}`. */
export interface ForExpression {
  readonly kind: 'for';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** Present in the form with braces. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** `...`: values of one key are collected into a list. */
  readonly grouping: boolean;
  readonly range: Range;
}

export interface ObjectItem {
  /** A bare word is a literal string; parentheses make it an expression. */
  readonly key: Expression;
  readonly value: Expression;
}

export interface TemplateExpression {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  /** A heredoc is always a string; `"${x}"` alone keeps the type of x. */
  readonly heredoc: boolean;
  readonly range: Range;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string; readonly range: Range }
  | { readonly kind: 'interpolation'; readonly expression: Expression; readonly range: Range }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly whenTrue: readonly TemplatePart[];
      readonly whenFalse: readonly TemplatePart[];
      readonly range: Range;
    }
  | {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
      readonly range: Range;
    };
