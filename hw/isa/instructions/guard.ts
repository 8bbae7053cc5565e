import type { Mode } from '../privilege.ts';

/** How an access that a mode may not make is refused: illegal-instruction (2) or virtual-instruction (22) exception. */
export type Refusal = 'illegal' | 'virtual';

/** What a guard needs to know of a CSR row: its name and the names of its fields. */
export interface GuardCsr {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One test of a guard: the access is refused when `field` of `csr` has the value `when`. */
export interface Condition {
  readonly csr: GuardCsr;
  readonly field: string;
  readonly when: 'set' | 'clear';
  readonly refusal: Refusal;
}

/** What one mode meets: an unconditional refusal, or conditions tried in order. */
type Rule = Refusal | readonly Condition[];

/** Who may execute an instruction or reach a CSR; a mode that is not named may. */
export type Guard = Readonly<Partial<Record<Mode, Rule>>>;

/** Reads one field of a CSR as the hart holds it now. */
export type FieldReader = (csr: GuardCsr, field: string) => bigint;

/** Refuses while a CSR field is not zero. */
export function ifSet<C extends GuardCsr>(
  csr: C,
  field: keyof C['fields'] & string,
  refusal: Refusal,
): readonly [Condition] {
  return [{ csr, field, when: 'set', refusal }];
}

/** Refuses while a CSR field is zero. */
export function unlessSet<C extends GuardCsr>(
  csr: C,
  field: keyof C['fields'] & string,
  refusal: Refusal,
): readonly [Condition] {
  return [{ csr, field, when: 'clear', refusal }];
}

/** Joins rules of one mode; the first that refuses decides. */
export function inOrder(...rules: readonly (readonly Condition[])[]): readonly Condition[] {
  return rules.flat();
}

/** Applies a guard in a mode: `undefined` when the access is allowed, else how it is refused. */
export function guardOutcome(
  guard: Guard,
  mode: Mode,
  readField: FieldReader,
): Refusal | undefined {
  const rule = guard[mode];
  if (rule === undefined || typeof rule === 'string') return rule;
  for (const { csr, field, when, refusal } of rule) {
    if ((readField(csr, field) !== 0n) === (when === 'set')) return refusal;
  }
  return undefined;
}
