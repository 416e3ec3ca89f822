import { type PreparedEntry, prepareEntry } from '../../src/entries/decode.ts';
import { entryToJson } from '../../src/entries/json.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { fromJson } from '../../src/schema/located.ts';

/** An entry as a client sends it, through all steps. */
export function prepare(kind: string, fields: object): PreparedEntry {
  const Name = kind === 'proxy-defaults' ? 'global' : 'web';
  return prepareEntry(fromJson({ Kind: kind, Name, ...fields }));
}

/** What Consul would say of it. */
export const refused = (kind: string, fields: object): string => consulErrorText(prepare(kind, fields).problems);

/** What is kept of a text in Consul's HCL, or what Consul would say of it. */
export function stored(text: string): string {
  const { entry, problems } = prepareEntry(decodeConsulText({ name: 'web.hcl', text }).value);
  return entry ? JSON.stringify(entryToJson(entry)) : consulErrorText(problems);
}

/** How Consul says several things at once. */
export const listed = (...texts: string[]): string =>
  `${texts.length === 1 ? '1 error' : `${texts.length} errors`} occurred:\n\t${texts.map((text) => `* ${text}`).join('\n\t')}\n\n`;
