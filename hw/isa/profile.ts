/** The variants of DV-Ext that a machine can have; `none` is a plain H-extension hart. */
export const dvProfiles = ['paper', 'rtl', 'qemu', 'none'] as const;

/** One of the variants of DV-Ext. */
export type DvProfile = (typeof dvProfiles)[number];
