import { MeshError } from '../base/errors.ts';

const MIB = 1024 * 1024;

/** Bytes from which on a log is moved aside: `MESH_LOG_MAX_BYTES`, by default 10 MiB. */
export function logMaxBytes(env: Readonly<Record<string, string | undefined>>): number {
  const text = env['MESH_LOG_MAX_BYTES'];
  if (text === undefined || text === '') return 10 * MIB;
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text);
  throw new MeshError('usage', `MESH_LOG_MAX_BYTES is not a number of bytes: ${JSON.stringify(text)}`, {
    hint: 'for 10 MiB: MESH_LOG_MAX_BYTES=10485760',
  });
}
