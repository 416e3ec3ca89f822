import { type Coordinate, coordinates, coordinatesOf, DIMENSIONS, type NodeCoordinate } from '../../../catalog/coordinates.ts';
import { datacenterNames } from '../../../catalog/queries.ts';
import { float, goStruct, list, optional, required, string, withDefault } from '../../../schema/schema.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery } from '../blocking.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readJsonBody } from '../json-body.ts';

export const coordinate: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/coordinate/datacenters',
    doc: 'Where the servers of all datacenters are, as seen from each other.',
    acl: 'none',
    handle: (_request, mesh) => json(datacenterNames(mesh.snapshot.value).map((dc) => ofServers(mesh, dc))),
  },
  {
    method: 'GET',
    path: '/v1/coordinate/nodes',
    doc: 'Where all nodes are; ?segment= narrows.',
    acl: 'node:read',
    handle: (request, mesh) => answerQuery(request, mesh, coordinates, (found) => selected(request, found)),
  },
  {
    method: 'GET',
    path: '/v1/coordinate/node/:node',
    doc: 'Where a node is, in each of its segments.',
    acl: 'node:read',
    async handle(request, mesh) {
      const [node = ''] = request.params;
      const { value, index } = await blockingQuery(request, mesh, (s, dc) => coordinatesOf(s, dc, node));
      const found = selected(request, value);
      if (found.length === 0) throw new HttpError(404, '');
      return json(found, { index });
    },
  },
  {
    method: 'PUT',
    path: '/v1/coordinate/update',
    doc: 'Tells where a node is; of one that is not there nothing is kept.',
    acl: 'node:write',
    handle: update,
  },
];

const body = goStruct('structs.CoordinateUpdateRequest', {
  Datacenter: optional(string(), "The agent's own by default."),
  Node: withDefault(string(), '', 'Name of the node.'),
  Segment: withDefault(string(), '', 'Network segment.'),
  Partition: optional(string(), 'Of Consul Enterprise.'),
  Coord: optional(
    goStruct('coordinate.Coordinate', {
      Vec: required(list(float()), 'Eight numbers.'),
      Error: required(float(), 'How sure it is.'),
      Adjustment: required(float(), 'What the plain distance is wrong by, in seconds.'),
      Height: required(float(), 'Of the way to the network, in seconds.'),
    }),
    'The coordinate.',
  ),
  Token: optional(string(), 'Instead of the header.'),
});

async function update(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { Datacenter, Node, Segment, Coord } = readJsonBody(request, body);
  const dc = Datacenter || request.options.dc;
  request.acl.require('node', 'write', Node);
  requireWritableDatacenter(mesh, dc);
  if (!Coord || Coord.Vec.length !== DIMENSIONS) throw new HttpError(500, 'incompatible coordinate');
  await mesh.commit([{ type: 'coordinate-update', dc, Node, Segment, Coord }]);
  return { type: 'empty' };
}

function selected({ query, acl }: ApiRequest, found: readonly NodeCoordinate[]): object[] {
  const segment = query.get('segment');
  const visible = acl.filter(found, ({ Node }) => acl.allows('node', 'read', Node));
  return visible.filter(({ Segment }) => segment === null || Segment === segment).map(coordinateJson);
}

const coordinateJson = ({ Node, Segment, Coord }: NodeCoordinate): object => ({ Node, Segment, Coord: vectorJson(Coord) });

const vectorJson = ({ Vec, Error: error, Adjustment, Height }: Coordinate): object => ({ Vec, Error: error, Adjustment, Height });

/** All datacenters are on this machine: their servers are where servers begin. */
function ofServers(mesh: Api, dc: string): object {
  const found = coordinates(mesh.snapshot.value, dc).value.filter(({ Segment }) => Segment === '');
  return { Datacenter: dc, AreaID: 'wan', Coordinates: found.map(coordinateJson) };
}
