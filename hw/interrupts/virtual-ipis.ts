/** The array of virtual IPIs of an interruptor with DV-Ext, and whose of them each hart sees (duvisor 5.2). */
export interface VirtualIpis {
  /** Words of pending virtual IPIs, a bit for each vCPU id, the lowest ids first. */
  vipi: bigint[];
  /** The vCPU id that each hart runs. */
  vcpuid: number[];
}

const VCPU_IDS = 256;
const WORD_BITS = 64;

interface Indexed {
  readonly index: number;
}

/** Nothing pending, and every hart with id 0, whose bit software leaves alone. */
export function virtualIpisReset(harts: number): VirtualIpis {
  return {
    vipi: new Array<bigint>(VCPU_IDS / WORD_BITS).fill(0n),
    vcpuid: new Array<number>(harts).fill(0),
  };
}

/** The lines to all harts that are high while a virtual IPI is pending for the vCPU id that the hart runs. */
export function interruptedHarts({ vipi, vcpuid }: VirtualIpis): boolean[] {
  return vcpuid.map((id) => {
    const word = vipi[Math.floor(id / WORD_BITS)] ?? 0n;
    return ((word >> BigInt(id % WORD_BITS)) & 1n) !== 0n;
  });
}

/** The registers, at the places of one interruptor. */
export function virtualIpiRegisters<State extends VirtualIpis>(at: {
  readonly vipi: number;
  readonly vcpuid: number;
}) {
  return {
    vipi: {
      offset: at.vipi,
      bytes: 8,
      count: VCPU_IDS / WORD_BITS,
      description: 'Pending virtual IPIs, a bit for each vCPU id.',
      read: ({ vipi }: State, { index }: Indexed) => vipi[index] ?? 0n,
      write: (draft: State, value: bigint, { index }: Indexed): void => {
        draft.vipi[index] = value;
      },
    },
    vcpuid: {
      offset: at.vcpuid,
      bytes: 8,
      count: 'harts',
      description: 'The vCPU id that the hart runs, 8 bits.',
      read: ({ vcpuid }: State, { index }: Indexed) => BigInt(vcpuid[index] ?? 0),
      write: (draft: State, value: bigint, { index }: Indexed): void => {
        draft.vcpuid[index] = Number(value % BigInt(VCPU_IDS));
      },
    },
  } as const;
}
