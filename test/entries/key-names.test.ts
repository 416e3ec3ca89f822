import { describe, expect, it } from 'vitest';
import { fieldNamed, snakeCase } from '../../src/entries/key-names.ts';

describe('snakeCase', () => {
  it.each([
    ['ExternalSNI', 'external_sni'],
    ['EnforcingConsecutive5xx', 'enforcing_consecutive_5xx'],
    ['EnvoyListenerJSON', 'envoy_listener_json'],
    ['JSONFormat', 'json_format'],
    ['MutualTLSMode', 'mutual_tls_mode'],
    ['ConnectTimeoutMs', 'connect_timeout_ms'],
  ])('%s is %s', (name, alias) => {
    expect(snakeCase(name)).toBe(alias);
  });
});

describe('fieldNamed', () => {
  it('finds Go names in any case, their snake_case, and nothing in between', () => {
    const named = (key: string): string | undefined => fieldNamed(key, ['MeshGateway']);
    expect([named('meshGATEWAY'), named('mesh_gateway'), named('Mesh_Gateway')]).toEqual(['MeshGateway', 'MeshGateway', 'MeshGateway']);
    expect([named('mesh-gateway'), named('mesh_gate_way'), named('')]).toEqual([undefined, undefined, undefined]);
  });

  it('finds fields of agent configuration by their Go name', () => {
    expect(fieldNamed('SidecarService', ['sidecar_service'])).toBe('sidecar_service');
  });
});
