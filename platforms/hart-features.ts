import type { CsrFeatures, Extension, Selection } from '../hw/isa/index.ts';
import type { Platform } from './platform.ts';
import { postedUnitOf } from './posted-unit.ts';

/** Protection entries of a hart without DV-Ext, as many as the manual's smaller choice (priv 3.7.1). */
const plainPmpEntryCount = 16;
/** Smallest protected range of the base manual, 4 bytes, as a power of two (priv 3.7.1). */
const plainPmpGrainShift = 2;
/** Where the base manual lets a vectored trap vector begin (priv 3.1.7). */
const plainVectorAlignment = 4;
/** All that the translation modes of RV64 can hold (priv 10.1.11, priv 18.2.10). */
const asidBits = 16;
const vmidBits = 14;

/** The extensions that together are called B (unpriv 28). */
const bitManipulation: readonly Extension[] = ['zba', 'zbb', 'zbs'];

/** The instructions that every hart of a platform executes. */
export function selectionOf(platform: Platform): Selection {
  const { isa, dvExt } = platform.harts;
  const extensions = new Set<Extension>(isa.extensions);
  const { rules } = dvExt;
  if (rules !== undefined) extensions.add('dv');
  if (rules?.['vtimer.registers'] === 'clint') extensions.add('dv-timer');
  if (rules?.['posting.interface'] === 'instructions') extensions.add('dv-vipi');
  if (extensions.has('svinval') && extensions.has('h')) extensions.add('svinval-h');
  return { extensions, profile: dvExt.profile };
}

/** What the CSRs of one hart depend on. */
export function featuresOf(platform: Platform, hartId: number): CsrFeatures {
  const { isa, dvExt } = platform.harts;
  const { rules } = dvExt;
  const letters: string[] = [...isa.extensions].filter((name) => name.length === 1);
  if (bitManipulation.every((name) => isa.extensions.has(name))) letters.push('b');
  return {
    hartId,
    extensions: `${letters.join('')}u`,
    named: new Set([...isa.extensions].filter((name) => name.length > 1)),
    asidBits,
    vmidBits: rules?.vmidBits ?? vmidBits,
    guestInterruptCount: 0,
    pmpEntryCount: rules?.['pmc.entries'] ?? plainPmpEntryCount,
    pmpGrainShift: rules === undefined ? plainPmpGrainShift : Math.log2(rules['pmc.granularity']),
    pmpVirtual: rules?.['pmc.kind'] === 'ranges',
    vectoredAlignment: rules?.vectorAlignment ?? plainVectorAlignment,
    hasPostedInterrupts: postedUnitOf(platform, hartId) !== undefined,
    dv: rules,
  };
}
