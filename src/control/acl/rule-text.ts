import { readRules } from '../../acl/read-rules.ts';
import type { Result } from '../../base/result.ts';
import { positionOf } from '../../base/source.ts';
import type { AclRule } from '../../catalog/acl-rows.ts';

/** Reads the text of a policy, HCL 1 or JSON. The parser is loaded when the first policy is written, and not before. */
export async function parseRules(text: string): Promise<Result<AclRule[], string>> {
  if (text === '') return { ok: true, value: [] };
  const { consulSyntaxError, decodeConsulText } = await import('../../hcl/hcl1/index.ts');
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
