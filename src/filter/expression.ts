/** A filter expression (Consul's go-bexpr). `contains` is `in` with its sides swapped. */
export type Expression =
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not'; readonly operand: Expression }
  | MatchExpression;

export interface MatchExpression {
  readonly type: 'match';
  /** `Service.Meta["a b"]` as its parts. */
  readonly selector: readonly string[];
  readonly operator: MatchOperator;
  /** As text; what it means depends on the selector. Empty for the operators that take none. */
  readonly value: string;
}

export type MatchOperator = 'Equal' | 'Not Equal' | 'In' | 'Not In' | 'Is Empty' | 'Is Not Empty' | 'Matches' | 'Not Matches';
