import { replay } from './replay.ts';

const reason = 'a datacenter says of itself from its beginning that it is not federated by mesh gateways';
const atFirst = { PrimaryModifyIndex: 1 };

replay('ui', {
  // The check of the sidecar had not run yet.
  standsStill: true,
  differences: [
    {
      line: '/v1/internal/ui/service-topology/web',
      reason: '1.8 has no such endpoint; the newer ones are there under it as well',
      status: 400,
      text: 'Missing service kind',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    },
    {
      line: '/v1/internal/federation-state/dc1',
      reason,
      edit: (body) => Object.assign(body as object, { Index: 1, State: { ...(body as { State: object }).State, ...atFirst } }),
    },
    { line: '/v1/internal/federation-states', reason, edit: (body) => Object.assign((body as object[])[0]!, atFirst) },
  ],
});
