import type { BlueprintProgress, BlueprintVerb } from '../../../../api/blueprints.ts';
import { bool, list, object, optional, required, string } from '../../../../schema/schema.ts';
import { type BlueprintHost, UnknownBlueprint } from '../../../agent/blueprints.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { isToken, TOKEN_HEADER } from '../../dashboard.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';

const DOCS: Readonly<Record<BlueprintVerb, string>> = {
  plan: 'What `mesh run` would do with a blueprint of the listing, as `mesh plan --json` says it: one JSON object a line.',
  run: 'Runs a blueprint of the listing with `mesh run --json`, and tells of it line by line. Hanging up stops it at its next safe point.',
  destroy: 'Destroys a blueprint with `mesh destroy --json`. With the last one the agent ends, and the answer with it.',
};

export const blueprints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/blueprints',
    doc: 'Applied blueprints with their resources, shipped ones, and those in folders beside the applied ones.',
    acl: 'operator:read',
    handle: async ({ acl }, mesh) => {
      acl.require('operator', 'read');
      return json(await hostOf(mesh).list());
    },
  },
  ...(['plan', 'run', 'destroy'] as const).map(
    (verb): Endpoint => ({
      method: 'POST',
      path: `/v1/mesh/blueprints/${verb}`,
      doc: DOCS[verb],
      acl: 'operator:write, and the token of `mesh ui`',
      handle: (request, mesh) => order(verb, request, mesh),
    }),
  ),
];

const body = object({
  id: required(string(), 'Of the listing.'),
  movePorts: optional(bool(), 'A taken port moves to a free one.'),
  replace: optional(list(string()), 'Applied ones whose place it takes.'),
});

const TOKEN_MISSING = 'blueprints are run with the token of `mesh ui` (X-Mesh-Ui-Token), or from the command line';

async function order(verb: BlueprintVerb, request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('operator', 'write');
  // The API is open to all users of the machine; blueprints run programs as the one whose agent this is, who alone can read the token.
  if (!isToken(request.headers[TOKEN_HEADER]?.toString(), mesh.dashboard)) throw new HttpError(403, TOKEN_MISSING);
  const asked = readJsonBody(request, body);
  try {
    const progress = await hostOf(mesh).order(verb, asked, request.signal);
    return { type: 'stream', contentType: 'application/x-ndjson', chunks: lines(progress) };
  } catch (error) {
    if (error instanceof UnknownBlueprint) throw new HttpError(404, error.message);
    throw error;
  }
}

async function* lines(progress: AsyncIterable<BlueprintProgress>): AsyncIterable<string> {
  for await (const one of progress) yield `${JSON.stringify(one)}\n`;
}

function hostOf({ agent }: Api): BlueprintHost {
  if (!agent.blueprints) throw new HttpError(404, 'this agent applies no blueprints');
  return agent.blueprints;
}
