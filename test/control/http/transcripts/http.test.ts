import { replay } from './replay.ts';

/*
 * The first tour of the whole API, without what has a transcript of its own: the CA, intentions, the agent's own
 * configuration, operator and ui.
 */
replay('http', {
  differences: [
    {
      line: '/v1/catalog/connect/api',
      reason: 'a sidecar is in the catalog with one write, and not with one for each of its checks',
      ignore: ['x-consul-index'],
    },
    {
      line: '/v1/coordinate/nodes',
      reason: 'a node has its place from the first moment, and not after the first round of gossip',
      edit: (body) =>
        (body as unknown[]).push({
          Node: 'dev1',
          Segment: '',
          Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0], Error: 1.5, Adjustment: 0, Height: 1e-5 },
        }),
      ignore: ['x-consul-index'],
    },
  ],
});
