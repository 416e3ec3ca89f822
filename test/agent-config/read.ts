import { type BuiltSettings, buildSettings } from '../../src/agent-config/build.ts';
import { decodeConfigFile } from '../../src/agent-config/decode.ts';
import { mergeSources } from '../../src/agent-config/merge.ts';
import { consulErrorText, type Problem } from '../../src/entries/problem.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

/** Files, in HCL or JSON, as an agent would take them together. */
export function read(...texts: string[]): BuiltSettings & { readonly refusal: string; readonly decoding: readonly Problem[] } {
  const sources = texts.map((text, i) => decodeConfigFile(decodeConsulText({ name: `${i}.hcl`, text }).value));
  const decoding = sources.flatMap(({ problems }) => problems);
  const built = buildSettings(mergeSources(sources), { dev: false, needsDataDir: false });
  return { ...built, decoding, refusal: consulErrorText(decoding) || consulErrorText(built.problems) };
}
