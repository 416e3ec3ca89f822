import { readJson } from '../../../hcl/json.ts';

/** What Go's decoder says of a text that is no JSON; undefined when it is. */
export function goJsonError(text: string): string | undefined {
  return readJson({ name: '', text }).goError;
}
