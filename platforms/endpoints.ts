import { endpointsOf as portEnds } from '../hw/kernel/index.ts';
import type { DeviceKind } from './device-kinds.ts';
import { hartInputs } from './hart-ports.ts';
import type { Origin } from './source/origin.ts';
import type { Endpoint } from './wiring.ts';

/** A component of the platform whose own declaration is in order. */
export interface DeclaredDevice {
  readonly name: string;
  readonly definition: DeviceKind;
  readonly options: Readonly<Record<string, unknown>>;
  /** First physical address, where it has one. */
  readonly address: number;
  readonly origin: Origin | undefined;
}

/** Lists every end that can be wired: those of the harts and those of the devices. */
export function endpointsOf(
  devices: readonly DeclaredDevice[],
  harts: { readonly count: number; readonly origin: Origin | undefined },
): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (let hart = 0; hart < harts.count; hart += 1) {
    for (const [port, declared] of Object.entries(hartInputs)) {
      const isOptional = 'isOptional' in declared;
      const type = declared.type.name;
      const end = { direction: 'input', type, isOptional, origin: harts.origin } as const;
      endpoints.set(`hart.${String(hart)}.${port}`, end);
    }
  }
  for (const device of devices) addDevicePorts(device, endpoints);
  return endpoints;
}

function addDevicePorts(device: DeclaredDevice, endpoints: Map<string, Endpoint>): void {
  for (const { path, direction, type, isOptional } of portEnds(device.definition, device.options)) {
    if (type === undefined) continue;
    const end = { direction: direction === 'input' ? 'input' : 'output', type: type.name } as const;
    endpoints.set(`${device.name}.${path}`, { ...end, isOptional, origin: device.origin });
  }
}
