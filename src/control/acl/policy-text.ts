import { readRules } from '../../acl/read-rules.ts';
import type { Result } from '../../base/result.ts';
import { positionOf } from '../../base/source.ts';
import type { AclRule } from '../../catalog/acl-rows.ts';
import { consulSyntaxError, decodeConsulText } from '../../hcl/hcl1/index.ts';

/** The rules in the text of a policy, HCL 1 or JSON. A file of its own in what is built: few agents ever read one. */
export function readPolicyText(text: string): Result<AclRule[], string> {
  const source = { name: 'rules', text };
  const syntax = consulSyntaxError(source);
  if (syntax !== undefined) return { ok: false, error: `Failed to parse ACL rules: ${syntax}` };
  const { value, diagnostics } = decodeConsulText(source);
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (wrong) return { ok: false, error: `Failed to parse ACL rules: ${wrong.summary}` };
  return readRules(value, ({ range }) => {
    const { line, column } = positionOf(source, range?.start ?? 0);
    return `${line}:${column}`;
  });
}
