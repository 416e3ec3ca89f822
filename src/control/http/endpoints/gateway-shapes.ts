import type { GatewayService } from '../../../catalog/gateways.ts';
import type { Compat } from '../../compatibility.ts';

/** An item of `/v1/catalog/gateway-services/:gateway`. `registered`: whether its service is there. */
export function gatewayServiceJson(linked: GatewayService, registered: boolean, compat: Compat): object {
  const { gateway, service, kind, port, protocol, hosts, caFile, certFile, keyFile, sni, fromWildcard } = linked;
  return {
    Gateway: { Name: gateway },
    Service: { Name: service },
    GatewayKind: kind,
    ...(port === 0 ? {} : { Port: port }),
    ...(protocol === '' ? {} : { Protocol: protocol }),
    ...(hosts.length === 0 ? {} : { Hosts: hosts }),
    ...(caFile === '' ? {} : { CAFile: caFile }),
    ...(certFile === '' ? {} : { CertFile: certFile }),
    ...(keyFile === '' ? {} : { KeyFile: keyFile }),
    ...(sni === '' ? {} : { SNI: sni }),
    ...(fromWildcard ? { FromWildcard: true } : {}),
    ...(registered && compat !== '1.8' ? { ServiceKind: 'service' } : {}),
    CreateIndex: linked.CreateIndex,
    ModifyIndex: linked.ModifyIndex,
  };
}
