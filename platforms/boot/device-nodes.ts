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
  vseip: Interrupt.vseip,
  usip: Interrupt.usip,
  utip: Interrupt.utip,
  vssip: Interrupt.vssip,
};

/** Outputs of an interrupt controller to one hart, in the order of its contexts. */
const contextOutputs = ['m', 's', 'vs'] as const;
/** What stands in `interrupts-extended` for a context that is wired to nobody. */
const NOBODY = 0xffff_ffff;

/** Kinds that software may be told of; the others have no node. */
const bindings: Readonly<Record<string, Binding>> = {
  clint: {
    node: 'clint',
    compatible: ['sifive,clint0', 'riscv,clint0'],
    more: (name, platform) => ({ 'interrupts-extended': hartInterrupts(name, platform) }),
  },
  'dv-clint': {
    node: 'clint',
    compatible: ['dvlab,dv-clint', 'riscv,clint0'],
    more: (name, platform) => ({ 'interrupts-extended': hartInterrupts(name, platform) }),
  },
  'fork-clint': {
    node: 'clint',
    compatible: ['dvlab,fork-clint', 'riscv,clint0'],
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
  plic: {
    node: 'plic',
    compatible: ['sifive,plic-1.0.0', 'riscv,plic0'],
    more: plicProperties,
  },
  'dv-plic': { node: 'plic', compatible: ['dvlab,dv-plic'], more: plicProperties },
  'fork-plic': { node: 'plic', compatible: ['dvlab,fork-plic'], more: plicProperties },
  'posted-interrupts': {
    node: 'posted-interrupts',
    compatible: ['dvlab,posted-interrupts'],
    more: (name, { devices, harts }) => {
      const { vms, vcpus } = devices[name] as unknown as Readonly<Record<string, number>>;
      const writers = harts.dvExt.rules?.['posting.writers'];
      return {
        'dvlab,vms': [{ cell: vms ?? 0 }],
        'dvlab,vcpus': [{ cell: vcpus ?? 0 }],
        ...(writers === 'hu-and-vs' ? { 'dvlab,guests-post': [] } : {}),
      };
    },
  },
  'test-finisher': { node: 'test', compatible: ['sifive,test1', 'sifive,test0', 'syscon'] },
  // as testchipip names it
  'block-device': { node: 'blkdev-controller', compatible: ['ucb-bar,blkdev'] },
  // as icenet names it
  nic: { node: 'ethernet', compatible: ['ucbbar,ice-nic'] },
  entropy: { node: 'rng', compatible: ['dvlab,entropy'] },
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
  Object.assign(properties, binding.more?.(name, platform), interruptsOf(name, platform));
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

/** A controller's own properties: its contexts in order, each with the hart and interrupt that it is wired to. */
function plicProperties(
  name: string,
  { wires, devices, harts }: Platform,
): Readonly<Record<string, Property>> {
  const { sources, kind } = devices[name] as unknown as { sources: number; kind: string };
  const outputs = contextOutputs.slice(0, kind === 'plic' ? 2 : 3);
  const contexts = Array.from({ length: harts.count }, (_, hart) =>
    outputs.map((output) => `${name}.${output}.${String(hart)}`),
  ).flat();
  return {
    '#interrupt-cells': [{ cell: 1 }],
    '#address-cells': [{ cell: 0 }],
    'interrupt-controller': [],
    'riscv,ndev': [{ cell: sources }],
    'interrupts-extended': contexts.flatMap((context, index): Property => {
      const wire = wires.find(({ driver }) => driver === context);
      const [component, hart = '', port = ''] = wire?.input.split('.') ?? [];
      const interrupt = interruptOf[port as HartInput];
      const ofHart = Math.floor(index / outputs.length);
      if (component !== 'hart' || interrupt === undefined) {
        return [{ phandleOf: interruptControllerLabel(ofHart) }, { cell: NOBODY }];
      }
      return [{ phandleOf: interruptControllerLabel(Number(hart)) }, { cell: interrupt }];
    }),
  };
}

/** The interrupts of a device that are wired to an interrupt controller. */
function interruptsOf(
  name: string,
  { wires, devices }: Platform,
): Readonly<Record<string, Property>> {
  const sources = wires.flatMap(({ input, driver }) => {
    const [controller = '', port, source] = input.split('.');
    const isSource = port === 'source' && devices[controller] !== undefined;
    return isSource && driver.startsWith(`${name}.`) ? [{ controller, source }] : [];
  });
  const [first] = sources;
  if (first === undefined) return {};
  return {
    'interrupt-parent': [{ phandleOf: first.controller }],
    interrupts: sources
      .filter(({ controller }) => controller === first.controller)
      .map(({ source }) => ({ cell: Number(source) })),
  };
}
