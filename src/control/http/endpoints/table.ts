import type { Endpoint } from '../endpoint.ts';
import { acl } from './acl/index.ts';
import { agent } from './agent.ts';
import { connectAuthorize } from './authorize.ts';
import { ca } from './ca.ts';
import { catalog } from './catalog.ts';
import { config } from './config.ts';
import { configApply } from './config-apply.ts';
import { coordinate } from './coordinate.ts';
import { discoveryChain } from './discovery-chain.ts';
import { event } from './event.ts';
import { federation } from './federation.ts';
import { health } from './health.ts';
import { intentions } from './intentions.ts';
import { intentionsById } from './intentions-by-id.ts';
import { kv } from './kv.ts';
import { leaf } from './leaf.ts';
import { mesh } from './mesh/index.ts';
import { operator } from './operator.ts';
import { peering } from './peering.ts';
import { pprof } from './pprof.ts';
import { query } from './query.ts';
import { session } from './session.ts';
import { snapshot } from './snapshot.ts';
import { status } from './status.ts';
import { txn } from './txn.ts';
import { ui } from './ui.ts';
import { uiApi } from './ui-api.ts';
import { virtualIps } from './virtual-ips.ts';

/** The whole HTTP API. To add an endpoint: a row in its group's file, or a file and a line here. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...status,
  ...agent,
  ...catalog,
  ...health,
  ...config,
  ...configApply,
  ...ca,
  ...leaf,
  ...connectAuthorize,
  ...intentions,
  ...intentionsById,
  ...discoveryChain,
  ...peering,
  ...ui,
  ...kv,
  ...session,
  ...txn,
  ...acl,
  ...event,
  ...coordinate,
  ...query,
  ...snapshot,
  ...operator,
  ...uiApi,
  ...federation,
  ...virtualIps,
  ...pprof,
  ...mesh,
];
