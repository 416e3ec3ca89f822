/** What is looked at of a request's head. The data plane's own heads have more. Texts are bytes as latin1. */
export interface MatchedRequest {
  readonly method: string;
  /** Origin form (`/path?query`), or `*` for OPTIONS. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly host: string | undefined;
  /** name, value, name, value, … */
  readonly fields: { readonly list: readonly string[] };
}
