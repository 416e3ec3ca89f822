import type { Check, Service, Unindexed } from '../../catalog/types.ts';

/** Maintenance is a check that stays critical until it is over: nothing is sent there meanwhile. */

const NODE = '_node_maintenance';
const SERVICE = '_service_maintenance:';

export const maintenanceId = (serviceId: string | undefined): string => (serviceId === undefined ? NODE : `${SERVICE}${serviceId}`);

export const isMaintenance = ({ CheckID }: Unindexed<Check>): boolean => CheckID === NODE || CheckID.startsWith(SERVICE);

export function maintenanceCheck(node: string, service: Service | undefined, reason: string): Unindexed<Check> {
  const what = service ? 'service' : 'node';
  const noReason = `Maintenance mode is enabled for this ${what}, but no reason was provided. This is a default message.`;
  return {
    Node: node,
    CheckID: maintenanceId(service?.ID),
    Name: service ? 'Service Maintenance Mode' : 'Node Maintenance Mode',
    Status: 'critical',
    Notes: reason || noReason,
    Output: '',
    ServiceID: service?.ID ?? '',
    ServiceName: service?.Service ?? '',
    Type: 'maintenance',
  };
}
