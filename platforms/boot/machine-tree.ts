import { CACHE_BLOCK_BYTES } from '../../hw/isa/index.ts';
import type { DeviceTreeNode, Property } from '../images/device-tree.ts';
import type { Platform } from '../platform.ts';
import { deviceNode } from './device-nodes.ts';
import { interruptControllerLabel } from './hart-labels.ts';

/** What the loader adds to the description of the hardware. */
export interface Chosen {
  readonly bootArguments: string;
  /** RAM file system, if one was loaded. */
  readonly initrd?: { readonly start: number; readonly end: number } | undefined;
}

/** Describes a platform to software as a device tree (Devicetree Specification v0.4; RISC-V bindings of Linux). */
export function machineTree(platform: Platform, chosen: Chosen): DeviceTreeNode {
  const devices = Object.entries(platform.devices).flatMap(([name, device]) => {
    const node = deviceNode(name, device, platform);
    return node === undefined ? [] : [node];
  });
  return {
    name: '',
    properties: {
      ...twoCells,
      compatible: [{ text: 'dvlab,machine' }],
      model: [{ text: `dvlab,${platform.name}` }],
    },
    children: [
      chosenNode(chosen, devices),
      cpusNode(platform),
      ...memoryNodes(platform),
      {
        name: 'soc',
        properties: { ...twoCells, compatible: [{ text: 'simple-bus' }], ranges: [] },
        children: devices,
      },
    ],
  };
}

const twoCells: Record<string, Property> = {
  '#address-cells': [{ cell: 2 }],
  '#size-cells': [{ cell: 2 }],
};

function chosenNode(
  { bootArguments, initrd }: Chosen,
  devices: readonly DeviceTreeNode[],
): DeviceTreeNode {
  const console = devices.find(({ name }) => name.startsWith('serial@'));
  const properties: Record<string, Property> = { bootargs: [{ text: bootArguments }] };
  if (console !== undefined) properties['stdout-path'] = [{ text: `/soc/${console.name}` }];
  if (initrd !== undefined) {
    properties['linux,initrd-start'] = [{ wide: initrd.start }];
    properties['linux,initrd-end'] = [{ wide: initrd.end }];
  }
  return { name: 'chosen', properties };
}

function cpusNode(platform: Platform): DeviceTreeNode {
  const cpus = Array.from({ length: platform.harts.count }, (_, hart) => cpuNode(platform, hart));
  return {
    name: 'cpus',
    properties: {
      '#address-cells': [{ cell: 1 }],
      '#size-cells': [{ cell: 0 }],
      'timebase-frequency': [{ cell: platform.clock.rtc }],
      ...pmcScope(platform),
    },
    children: cpus,
  };
}

/** Whom the firmware grants ranges to, on machines with a PMC. */
function pmcScope(platform: Platform): Record<string, Property> {
  const { rules } = platform.harts.dvExt;
  if (rules?.['pmc.kind'] !== 'ranges') return {};
  return { 'dvlab,pmc-scope': [{ text: rules['pmc.scope'] }] };
}

function cpuNode(platform: Platform, hart: number): DeviceTreeNode {
  return {
    name: `cpu@${hart.toString(16)}`,
    properties: {
      device_type: [{ text: 'cpu' }],
      reg: [{ cell: hart }],
      status: [{ text: 'okay' }],
      compatible: [{ text: 'riscv' }],
      'riscv,isa': [{ text: platform.harts.isa.text }],
      'mmu-type': [
        { text: platform.harts.isa.extensions.has('sv48') ? 'riscv,sv48' : 'riscv,sv39' },
      ],
      'clock-frequency': [{ cell: platform.clock.core }],
      ...cacheBlockSizes(platform),
    },
    children: [
      {
        name: 'interrupt-controller',
        label: interruptControllerLabel(hart),
        properties: {
          '#interrupt-cells': [{ cell: 1 }],
          'interrupt-controller': [],
          compatible: [{ text: 'riscv,cpu-intc' }],
        },
      },
    ],
  };
}

/** The size of a cache block, for each group of instructions on blocks that the harts have. */
function cacheBlockSizes({ harts }: Platform): Record<string, Property> {
  const groups = ['zicbom', 'zicboz', 'zicbop'] as const;
  const present = groups.filter((name) => harts.isa.extensions.has(name));
  return Object.fromEntries(
    present.map((name) => [`riscv,${name.slice(2)}-block-size`, [{ cell: CACHE_BLOCK_BYTES }]]),
  );
}

function memoryNodes(platform: Platform): DeviceTreeNode[] {
  return Object.values(platform.memory)
    .filter(({ kind }) => kind === 'ram')
    .map(({ at, size }) => ({
      name: `memory@${at.toString(16)}`,
      properties: { device_type: [{ text: 'memory' }], reg: [{ wide: at }, { wide: size }] },
    }));
}
