import type { TxnStep } from '../../../catalog/txn.ts';
import {
  base64,
  type Decoded,
  goStruct,
  goType,
  int,
  list,
  map,
  optional,
  required,
  string,
  uint64Digits,
  withDefault,
} from '../../../schema/schema.ts';
import { catalogCheckRow } from '../../registration/check.ts';
import { healthCheck } from '../../registration/check-schema.ts';
import { serviceRow } from '../../registration/service.ts';
import { nodeService } from '../../registration/service-schema.ts';

const uint64 = () => goType('uint64', int());
const index = withDefault(uint64(), 0, 'The ModifyIndex that it must have.');
const verb = (values: string) => withDefault(string(), '', values);

const keyStep = goStruct('api.KVTxnOp', {
  Verb: verb(
    'set, cas, lock, unlock, get, get-or-empty, get-tree, check-index, check-session, check-not-exists, delete, delete-cas or delete-tree.',
  ),
  Key: withDefault(string(), '', 'The key, or the prefix of a tree.'),
  Value: optional(base64(), 'The value in base64.'),
  Flags: withDefault(uint64Digits(), '0', 'A number for whoever reads it.'),
  Index: index,
  Session: withDefault(string(), '', 'Whose lock it is.'),
  Namespace: optional(string(), 'Of Consul Enterprise.'),
  Partition: optional(string(), 'Of Consul Enterprise.'),
});

const node = goStruct('api.Node', {
  ID: withDefault(string(), '', 'A UUID.'),
  Node: withDefault(string(), '', 'Its name.'),
  Address: withDefault(string(), '', 'Where it is reached.'),
  Datacenter: withDefault(string(), '', 'The own one by default.'),
  TaggedAddresses: withDefault(map(string()), {}, 'Further addresses.'),
  Meta: withDefault(map(string()), {}, 'Facts to select by.'),
  CreateIndex: index,
  ModifyIndex: index,
  Partition: optional(string(), 'Of Consul Enterprise.'),
  PeerName: optional(string(), 'Set by Consul itself.'),
});

const step = goStruct('api.TxnOp', {
  KV: optional(keyStep, 'A key.'),
  Node: optional(
    goStruct('api.NodeTxnOp', { Verb: verb('get, set, cas, delete or delete-cas.'), Node: required(node, 'The node.') }),
    'A node.',
  ),
  Service: optional(
    goStruct('api.ServiceTxnOp', {
      Verb: verb('get, set, cas, delete or delete-cas.'),
      Node: withDefault(string(), '', 'Name of its node.'),
      Service: required(nodeService, 'The service.'),
    }),
    'A service.',
  ),
  Check: optional(
    goStruct('api.CheckTxnOp', { Verb: verb('get, set, cas, delete or delete-cas.'), Check: required(healthCheck, 'The check.') }),
    'A check.',
  ),
});

export const txnBody = goType('api.TxnOps', list(step));
export type TxnBody = Decoded<typeof txnBody>;

/** The steps of a body; one that says nothing is none. */
export function stepsOf(body: TxnBody, dc: string): TxnStep[] {
  return body.flatMap(({ KV, Node, Service, Check }): TxnStep[] => {
    if (KV) {
      const { Verb: verb, Key: key, Value: value, Flags: flags, Index: index, Session: session } = KV;
      return [{ KV: { verb, key, flags, index, ...(value === undefined ? {} : { value }), ...(session === '' ? {} : { session }) } }];
    }
    if (Node) {
      const { CreateIndex: _, ModifyIndex: index, Partition: __, PeerName: ___, ...row } = Node.Node;
      return [{ Node: { verb: Node.Verb, node: { ...row, Datacenter: row.Datacenter || dc }, index } }];
    }
    if (Service) {
      const service = serviceRow(Service.Service, Service.Node);
      return [{ Service: { verb: Service.Verb, service, index: Service.Service.ModifyIndex } }];
    }
    if (!Check) return [];
    const { verb, check, index } = { verb: Check.Verb, check: catalogCheckRow(Check.Check, ''), index: Check.Check.ModifyIndex };
    return [{ Check: { verb, check, index } }];
  });
}
