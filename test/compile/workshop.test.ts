import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { checkEntryChanges } from '../../src/compile/check.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { ProxyConfig } from '../../src/compile/proxy-config.ts';
import { prepareEntry } from '../../src/entries/decode.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { node, put, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

/** From files as people write them to what the sidecar of web does, step by step: a monolith is taken apart while traffic flows. */

const payments = (version: string): Op => ({
  type: 'register',
  dc: 'dc1',
  node: node(`vm-${version}`, { Address: `127.5.0.11${version}` }),
  services: [service('payments', { Port: 9090, Meta: { version } }), sidecar('payments', [], { Port: 21000, Meta: { version } })],
});
const currency: Op = { type: 'register', dc: 'dc1', node: node('pod'), services: [sidecar('currency')] };
const web: Op = { type: 'register', dc: 'dc1', node: node('web'), services: [sidecar('web', [upstream('payments', 9091)])] };
const mesh = snapshotOf(
  put('proxy-defaults', 'global', { Config: { protocol: 'http' }, MeshGateway: { Mode: 'local' } }),
  web,
  payments('1'),
);

/** What `config write` does to the registry. */
function write(before: Snapshot, text: string): Snapshot {
  const { entry, problems } = prepareEntry(decodeConsulText({ name: 'entry.hcl', text }).value);
  expect(problems).toEqual([]);
  const op: Op = { type: 'put-entry', dc: 'dc1', entry: entry! };
  const { snapshot } = transact(before, op);
  expect(checkEntryChanges(before, snapshot, [op])).toEqual([]);
  return snapshot;
}

function sidecarOfWeb(s: Snapshot): ProxyConfig {
  const built = buildProxyConfig(s, 'dc1/web/web-sidecar-proxy', { trustDomain: 'td', extraLoopback: false });
  if (!built.ok) throw new Error(built.error.map((d) => d.summary).join('; '));
  return built.value;
}

/** `when -> 50 payments@127.5.0.111` for each route and split. */
function traffic(s: Snapshot): string[] {
  const { outbound, clusters } = sidecarOfWeb(s);
  return outbound[0]!.routes.flatMap(({ match, splits }) =>
    splits.map(({ weight, cluster }) => {
      const { service: name, endpoints } = clusters[cluster]!;
      return `${JSON.stringify(match)} -> ${weight} ${name}@${endpoints.map((endpoint) => endpoint.address).join()}`;
    }),
  );
}

const DEFAULTS = 'Kind = "service-defaults"\nName = "payments"\nProtocol = "http"\n';

const CURRENCY_ROUTER = `
kind = "service-router"
name = "payments"
routes = [
  {
    match {
      http {
        path_prefix = "/currency"
      }
    }

    destination {
      service = "currency"
    }
  },
]
`;

const RESOLVER = `
Kind = "service-resolver"
Name = "payments"

# The version that is asked when nobody says which.
DefaultSubset = "v1"

Subsets = {
  "v1" = {
    Filter = "Service.Meta.version == 1"
  }
  "v2" = {
    Filter = "Service.Meta.version == 2"
  }
}
`;

const GROUP_ROUTER = `
kind = "service-router",
name = "payments",
routes = [
  {
    match {
      http {
        header = [
          {
            name  = "X-Group"
            exact = "dev"
          },
        ]
      }
    }
    destination {
      service        = "payments"
      service_subset = "v2"
    }
  },
]
`;

const splitter = (v1: number, v2: number): string => `
kind = "service-splitter",
name = "payments"

splits = [
  {
    weight         = ${v1},
    service_subset = "v1"
  },
  {
    weight         = ${v2},
    service_subset = "v2"
  },
]
`;

describe('the steps of a migration', () => {
  it('send traffic where the files say', () => {
    let s = write(mesh, DEFAULTS);
    expect(traffic(s)).toEqual(['{} -> 100 payments@127.5.0.111']);

    s = write(transact(s, currency).snapshot, CURRENCY_ROUTER);
    expect(traffic(s)).toEqual(['{"pathPrefix":"/currency"} -> 100 currency@127.0.0.1', '{} -> 100 payments@127.5.0.111']);

    s = write(s, RESOLVER);
    s = transact(s, payments('2')).snapshot;
    expect(traffic(s)[1]).toBe('{} -> 100 payments@127.5.0.111');

    s = write(s, GROUP_ROUTER);
    const dev = '{"headers":[{"name":"x-group","invert":false,"type":"exact","value":"dev"}]} -> 100 payments@127.5.0.112';
    expect(traffic(s)).toEqual([dev, '{} -> 100 payments@127.5.0.111']);

    s = write(s, splitter(100, 0));
    expect(traffic(s)).toEqual([dev, '{} -> 100 payments@127.5.0.111']);
    s = write(s, splitter(50, 50));
    expect(traffic(s)).toEqual([dev, '{} -> 50 payments@127.5.0.111', '{} -> 50 payments@127.5.0.112']);
    s = write(s, splitter(0, 100));
    expect(traffic(s)).toEqual([dev, '{} -> 100 payments@127.5.0.112']);
  });

  it('name the subset in the SNI and the service in the identity', () => {
    const { clusters } = sidecarOfWeb(write(mesh, RESOLVER));
    expect(Object.values(clusters)).toMatchObject([
      {
        name: 'v1.payments.default.default.dc1',
        sni: 'v1.payments.default.dc1.internal.td',
        identities: ['spiffe://td/ns/default/dc/dc1/svc/payments'],
      },
    ]);
  });
});
