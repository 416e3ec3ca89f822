import { type Diagnostic, hasErrors } from '../base/diagnostic.ts';
import type { Block } from '../hcl/hcl2/ast.ts';
import { decode } from '../schema/decode.ts';
import type { LocatedMap } from '../schema/located.ts';
import { collectReferences, rewriteReferences } from '../schema/references.ts';
import { COMMON_ATTRIBUTES, dependsOnOf } from './common-attributes.ts';
import type { Evaluation } from './language/evaluation.ts';
import type { DeclaredResource } from './language/namespace.ts';
import { keyOf } from './language/reference-text.ts';
import type { Loaded } from './loaded.ts';

/** Computes and decodes the block of a resource. */
export function decodeBlock(declared: DeclaredResource, evaluation: Evaluation, report: (...found: Diagnostic[]) => void): Loaded {
  const { key, name, type, block, file, modules, namespace, readable, dialect } = declared;
  const { value, diagnostics, uses } = evaluation.body(declared);
  const write = (text: string) => keyOf(text, namespace);
  const { own: written, dependsOn } = dependsOnOf(withLabels(value, block, type.labels), write, report);
  const own = rewriteReferences(written, type.schema, write) as LocatedMap;
  const complete = readable && !hasErrors(diagnostics);
  const subject = `${block.type} "${block.labels[0]?.value}"`;
  const decoded = decode(own, type.schema, { subject, header: block.headerRange, incomplete: !complete, takenOut: COMMON_ATTRIBUTES });
  report(...diagnostics, ...decoded.diagnostics);
  const usable = complete && !hasErrors(decoded.diagnostics) && !decoded.unknown;
  return {
    key,
    name,
    type,
    dialect,
    block,
    file,
    modules,
    located: own,
    config: usable ? decoded.value : undefined,
    waiting: complete && !hasErrors(decoded.diagnostics) && decoded.unknown,
    references: collectReferences(own, type.schema),
    uses: [...uses],
    after: dependsOn,
  };
}

/** Labels that stand for attributes, as if these were written. */
function withLabels(located: LocatedMap, { labels }: Block, names: readonly string[] | undefined): LocatedMap {
  if (labels.length !== names?.length) return located;
  const entries = labels.map(({ value, range }, i) => ({
    key: names[i]!,
    keyRange: range,
    value: { type: 'string', value, range } as const,
  }));
  return { ...located, entries: [...entries, ...located.entries] };
}
