import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Block } from '../hcl/hcl2/ast.ts';

/** The name of a block: exactly one label, of the characters that Shipyard allows. Reports what is wrong with it. */
export function nameOf(block: Block, report: (diagnostic: Diagnostic) => void): string | undefined {
  const [label, second] = block.labels;
  if (!label || second) {
    const detail = `write it as: ${block.type} "name" { … }`;
    report(errorAt(second?.range ?? block.headerRange, `${block.type} takes exactly one name`, { detail }));
    return undefined;
  }
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(label.value)) {
    const detail = 'up to 128 letters, digits, "-" and "_"';
    report(
      errorAt(label.range, `${JSON.stringify(label.value)} is not a name for a ${block.type === 'variable' ? 'variable' : 'resource'}`, {
        detail,
      }),
    );
  }
  return label.value;
}

/** Of a resource; where its type takes several labels, all of them together: `service-defaults/payments`. */
export function nameOfResource(
  block: Block,
  several: readonly string[] | undefined,
  report: (diagnostic: Diagnostic) => void,
): string | undefined {
  const { labels, type } = block;
  if (!several || labels.length < 2) return nameOf(block, report);
  if (labels.length === several.length) return labels.map(({ value }) => value).join('/');
  const detail = `write it as: ${type} ${several.map((label) => JSON.stringify(label)).join(' ')} { … }`;
  report(errorAt(labels.at(several.length)?.range, `${type} takes ${several.join(' and ')}, or one name`, { detail }));
  return undefined;
}
