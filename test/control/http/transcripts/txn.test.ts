import { replay } from './replay.ts';

replay('txn', {
  differences: [
    {
      line: '-X PUT /v1/txn -d [{"Node":{"Verb":"get","Node":{"Node":"dev1"}}}]',
      reason: "the agent's own node is in no network segment, which Consul notes in its Meta",
      edit: (body) => Object.assign((body as { Results: { Node: object }[] }).Results[0]!.Node, { Meta: null }),
    },
  ],
});
