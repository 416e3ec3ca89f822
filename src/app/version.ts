declare const __MESH_VERSION__: string | undefined;

/** Version of this package; the build puts it in. */
export const VERSION = typeof __MESH_VERSION__ === 'string' ? __MESH_VERSION__ : '0.0.0-dev';
