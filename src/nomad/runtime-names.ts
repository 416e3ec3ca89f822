import type { Body, Expression } from '../hcl/hcl2/ast.ts';
import { referencesIn } from '../hcl/hcl2/references.ts';
import type { Located, LocatedEntry } from '../schema/located.ts';

/** What a job file itself defines. */
const OWN: readonly string[] = ['var', 'local'];

interface Node {
  readonly below: Map<string, Node>;
  text: string | undefined;
}

/**
 * Values for the names of an expression that are known only where the task runs: `NOMAD_PORT_http`, `attr.kernel.name`,
 * `env["HOME"]`. Nomad leaves such a name in the text as it is, between `${` and `}`, and so does this.
 */
export function runtimeNames(body: Body): Map<string, Located> {
  const root: Node = { below: new Map(), text: undefined };
  for (const expression of expressionsIn(body)) {
    for (const { path } of referencesIn(expression)) {
      if (OWN.includes(path[0]!)) continue;
      let node = root;
      for (const step of path) {
        const next: Node = node.below.get(step) ?? { below: new Map(), text: undefined };
        node.below.set(step, next);
        node = next;
      }
      node.text = `\${${textOf(path)}}`;
    }
  }
  return new Map([...root.below].map(([name, node]) => [name, treeValue(node)]));
}

function textOf([root, ...steps]: readonly string[]): string {
  return steps.reduce((text, step) => (root === 'env' ? `${text}["${step}"]` : `${text}.${step}`), root!);
}

function treeValue({ below, text }: Node): Located {
  if (below.size === 0) return { type: 'string', value: text ?? '' };
  return { type: 'map', entries: [...below].map(([key, node]): LocatedEntry => ({ key, value: treeValue(node) })) };
}

function expressionsIn({ attributes, blocks }: Body): Expression[] {
  return [...attributes.map(({ value }) => value), ...blocks.flatMap(({ body }) => expressionsIn(body))];
}
