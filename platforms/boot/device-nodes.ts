import { Interrupt } from '../../hw/isa/index.ts';
import { deviceKind, isMapped } from '../device-kinds.ts';
import type { DeviceTreeNode, Property } from '../images/device-tree.ts';
import type { Platform } from '../platform.ts';
import type { HartInput } from '../hart-ports.ts';
import { interruptControllerLabel } from './hart-labels.ts';

/** How software is told of one kind of device: its node's name and what drivers recognise it by. */
interface Binding {
  readonly node: string;
  readonly compatible: readonly string[];
  readonly more?: (name: string, platform: Platform) => Readonly<Record<string, Property>>;
}

/** Interrupt numbers by the hart's input, for `interrupts-extended`. */
const interruptOf: Readonly<Partial<Record<HartInput, number>>> = {
  msip: Interrupt.msip,
  mtip: Interrupt.mtip,
  meip: Interrupt.meip,
  seip: Interrupt.seip,
};

/** Kinds that software may be told of; the others have no node. */
const bindings: Readonly<Record<string, Binding>> = {
  clint: {
    node: 'clint',
    compatible: ['sifive,clint0', 'riscv,clint0'],
    more: (name, platform) => ({ 'interrupts-extended': hartInterrupts(name, platform) }),
  },
  uart: {
    node: 'serial',
    compatible: ['ns16550a'],
    more: (_name, platform) => ({
      'clock-frequency': [{ cell: platform.clock.core }],
      'reg-shift': [{ cell: 0 }],
      'reg-io-width': [{ cell: 1 }],
    }),
  },
  'test-finisher': { node: 'test', compatible: ['sifive,test1', 'sifive,test0', 'syscon'] },
  htif: { node: 'htif', compatible: ['ucb,htif0'] },
};

/** The node of one device, or undefined if software is not told of its kind. */
export function deviceNode(
  name: string,
  device: { readonly kind: string; readonly at?: unknown },
  platform: Platform,
): DeviceTreeNode | undefined {
  const definition = deviceKind(device.kind);
  const binding = bindings[device.kind];
  if (binding === undefined) return undefined;
  const properties: Record<string, Property> = {
    compatible: binding.compatible.map((text) => ({ text })),
  };
  if (!isMapped(definition)) return { name: binding.node, label: name, properties };
  const at = Number(device.at);
  properties['reg'] = [{ wide: at }, { wide: definition.size ?? 0 }];
  Object.assign(properties, binding.more?.(name, platform));
  return { name: `${binding.node}@${at.toString(16)}`, label: name, properties };
}

/** The interrupts of harts that a device's outputs are wired to. */
function hartInterrupts(name: string, platform: Platform): Property {
  return platform.wires.flatMap(({ input, driver }) => {
    const [component, hart = '', port = ''] = input.split('.');
    const interrupt = interruptOf[port as HartInput];
    if (component !== 'hart' || interrupt === undefined || !driver.startsWith(`${name}.`))
      return [];
    return [{ phandleOf: interruptControllerLabel(Number(hart)) }, { cell: interrupt }];
  });
}
