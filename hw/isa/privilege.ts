/** Privilege levels as encoded in `mstatus.MPP` and in CSR address bits 9:8 (priv 1.2). */
export const Privilege = { U: 0, S: 1, M: 3 } as const;

/** One of the encoded privilege levels. */
export type Privilege = (typeof Privilege)[keyof typeof Privilege];

/** The five modes a hart of this model can be in: privilege level and virtualization bit together (priv 18.1). */
export type Mode = 'U' | 'VU' | 'VS' | 'HS' | 'M';

/** The name a mode is shown under: `HU` is U mode of a hart whose `hstatus.HU` is set (duvisor 3). */
export type ModeLabel = Mode | 'HU';

/** Every mode, from least to most privileged. */
export const modes: readonly Mode[] = ['VU', 'U', 'VS', 'HS', 'M'];

/** The place of a mode among `modes`. */
export function modeNumber(mode: Mode): number {
  switch (mode) {
    case 'VU':
      return 0;
    case 'U':
      return 1;
    case 'VS':
      return 2;
    case 'HS':
      return 3;
    case 'M':
      return 4;
  }
}

/** The mode that a privilege level and the virtualization bit make up. */
export function modeOf(privilege: number, virtual: boolean): Mode {
  if (privilege === Privilege.M) return 'M';
  if (privilege === Privilege.S) return virtual ? 'VS' : 'HS';
  return virtual ? 'VU' : 'U';
}

/** The privilege level of a mode, as hardware encodes it. */
export function privilegeOf(mode: Mode): Privilege {
  if (mode === 'M') return Privilege.M;
  return mode === 'HS' || mode === 'VS' ? Privilege.S : Privilege.U;
}

/** Whether a mode runs with V=1. */
export function isVirtual(mode: Mode): boolean {
  return mode === 'VS' || mode === 'VU';
}

/** The label of a mode: U becomes HU while the delegated-virtualization extension is enabled. */
export function modeLabel(mode: Mode, huEnabled: boolean): ModeLabel {
  return mode === 'U' && huEnabled ? 'HU' : mode;
}
