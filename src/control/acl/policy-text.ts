import { readRules } from '../../acl/read-rules.ts';
import { translateLegacyRules } from '../../acl/translate.ts';
import type { Result } from '../../base/result.ts';
import { positionOf } from '../../base/source.ts';
import type { AclRule } from '../../catalog/acl-rows.ts';
import { consulSyntaxError, decodeConsulText } from '../../hcl/hcl1/index.ts';
import type { LocatedMap } from '../../schema/located.ts';

/** The rules in the text of a policy, HCL 1 or JSON. A file of its own in what is built: few agents ever read one. */
export function readPolicyText(text: string): Result<AclRule[], string> {
  const parsed = parse(text);
  if (!parsed.ok) return { ok: false, error: `Failed to parse ACL rules: ${parsed.error}` };
  return readRules(parsed.value, ({ range }) => {
    const { line, column } = positionOf({ name: 'rules', text }, range?.start ?? 0);
    return `${line}:${column}`;
  });
}

/** Rules of before Consul 1.4 as they are written since. */
export function translatePolicyText(text: string): Result<string, string> {
  const parsed = parse(text);
  return parsed.ok
    ? { ok: true, value: translateLegacyRules(parsed.value) }
    : { ok: false, error: `Failed to parse rules: ${parsed.error}` };
}

function parse(text: string): Result<LocatedMap, string> {
  const source = { name: 'rules', text };
  const syntax = consulSyntaxError(source);
  if (syntax !== undefined) return { ok: false, error: syntax };
  const { value, diagnostics } = decodeConsulText(source);
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  return wrong ? { ok: false, error: wrong.summary } : { ok: true, value };
}
