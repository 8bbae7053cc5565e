/** Where the posted-interrupt unit has its registers, by bytes from its base. */
export const postedMap = {
  /** Address space of one VM: its window. The place of VM 0, which is none, has the registers of HS. */
  windowBytes: 0x4_0000,
  /** The unit has room for this many windows. */
  windows: 64,
  /** For HS: how many vCPUs each VM has, 4 bytes a VM. */
  vcpus: 0x0,
  /** For HS: what raises the line `notify` once it is recorded, 8 bytes a VM as in `recorded`. */
  notify: 0x1000,
  /** For HS: what is recorded, 8 bytes a VM: bit v a virtual IPI of vCPU v, bit 32 + v a vector. */
  recorded: 0x2000,
  /** For the harts themselves: what each runs, 8 bytes a hart: `h_vmid` from bit 16 on, and `hu_vcpuid`. */
  loaded: 0x3000,
  /** For the harts themselves: the operand of `hu_vitr`, 8 bytes a hart; read back, 1 if it was refused. */
  post: 0xb000,
  /** In a window, as in a PLIC: the priority of each vector. */
  priority: 0x0,
  /** In a window: vectors recorded for any vCPU. */
  pending: 0x1000,
  /** In a window: enabled vectors of each vCPU. */
  enable: 0x2000,
  enableStride: 0x80,
  /** In a window: a page for each vCPU with its threshold, and claim and complete behind that. */
  context: 0x2_0000,
  contextStride: 0x1000,
} as const;

/** Most vCPUs of a VM: each has a page in the second half of the window. */
export const maximumPostedVcpus = 32;

/** Harts that the registers for harts have room for. */
export const maximumPostedHarts = 4095;

/** Vectors of a virtual interrupt: 0 is the virtual IPI, the others are sources as a PLIC numbers them. */
export const postedVectors = 64;

/** `hu_vcpuid` of a hart that runs no vCPU. */
export const NO_VCPU = 0xffff;

/** What `hu_vitr` is told: bits 15:0 name the vCPU, bits 23:16 the vector. */
export function postedOperand(operand: bigint): {
  readonly vcpu: number;
  readonly vector: number;
} {
  return { vcpu: Number(operand & 0xffffn), vector: Number((operand >> 16n) & 0xffn) };
}

/** What a hart tells the unit that it runs. */
export function loadedWord(vm: number, vcpu: number): bigint {
  return (BigInt(vm) << 16n) | BigInt(vcpu);
}
