/**
 * Of Envoy's access log: DC the client left, DPE it broke the protocol, NR no route, UH no healthy upstream, UF it could not be
 * reached, UC it closed the connection, UR it reset the stream, UPE it broke the protocol, UO too many requests for it, UT it took too long, SI nothing
 * moved, URX no retry is left, RL rate limit, DI and FI a delay or fault on purpose, UAEX an external judge refused.
 */
export type ResponseFlag =
  | 'DC'
  | 'DPE'
  | 'NR'
  | 'UH'
  | 'UF'
  | 'UC'
  | 'UR'
  | 'UPE'
  | 'UO'
  | 'UT'
  | 'SI'
  | 'URX'
  | 'RL'
  | 'DI'
  | 'FI'
  | 'UAEX';
