import type { Result } from '../../base/result.ts';
import type { AclRule } from '../../catalog/acl-rows.ts';

/** Reads the text of a policy, HCL 1 or JSON. The parser is loaded when the first policy is written, and not before. */
export async function parseRules(text: string): Promise<Result<AclRule[], string>> {
  if (text === '') return { ok: true, value: [] };
  const { readPolicyText } = await import('./policy-text.ts');
  return readPolicyText(text);
}

/** Rewrites rules of before Consul 1.4. */
export async function translateRules(text: string): Promise<Result<string, string>> {
  const { translatePolicyText } = await import('./policy-text.ts');
  return translatePolicyText(text);
}
