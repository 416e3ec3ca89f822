/** HCL 2, the language of blueprints. Who only needs the syntax imports `parse.ts`, which leaves the evaluator unloaded. */
export type { Attribute, Block, Body, Expression, Label, TemplatePart } from './ast.ts';
export { type BodyResult, bodyToLocated } from './body.ts';
export { type Evaluated, evaluate } from './evaluate.ts';
export { define, type FunctionTable, type LanguageFunction, PURE_FUNCTIONS, PURE_TABLES } from './functions/index.ts';
export { type Hcl2File, parseHcl2 } from './parse.ts';
export { literalText, type Reference, referencesIn } from './references.ts';
export { type FunctionFailure, type Functions, failure, type HclFunction, type Scope } from './scope.ts';
