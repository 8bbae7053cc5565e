import { csrs, registerName } from '../isa/index.ts';
import type { Hart } from './hart.ts';
import type { TrapRecord } from './progress.ts';

/** Numbers and texts about a machine, by name. */
export type Facts = ReadonlyMap<string, string>;

/** A fact in which two machines differ. */
export interface Difference {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/** Everything about a hart that must not depend on the engine, or on how its run was cut into pieces. */
export function hartFacts(hart: Hart): Facts {
  const { state, account, exits, status } = hart;
  const facts = new Map<string, string>();
  const note = (name: string, value: bigint | number | boolean | string): void => {
    const text = typeof value === 'bigint' ? `0x${value.toString(16)}` : String(value);
    facts.set(`hart ${String(hart.id)} ${name}`, text);
  };
  note('pc', state.pc);
  for (const [register, value] of state.x.entries()) note(registerName(register), value);
  for (const [register, value] of state.f.entries()) note(`f${String(register)}`, value);
  note('cycle count', state.cycle);
  note('instret count', state.instret);
  note('privilege', state.privilege);
  note('virtual', state.virtual);
  note('waiting', hart.isWaiting);
  note('reserved bytes', state.reservedBytes);
  if (state.reservedBytes > 0) {
    note('reserved address', state.reservedAddress);
    note('reserved in cycle', state.reservedCycle);
  }
  for (const csr of csrs) if (hart.csrs.has(csr)) note(csr.name, hart.csrs.read(csr));
  for (const [mode, leaves] of Object.entries(account.tree.snapshot())) {
    for (const [mechanism, cycles] of Object.entries(leaves)) {
      if (cycles !== 0) note(`${mode} ${mechanism}`, cycles);
    }
  }
  for (const [vmid, tree] of account.vms.trees()) {
    note(`virtual machine ${String(vmid)}`, JSON.stringify(tree));
  }
  note('exits', JSON.stringify(exits.summaries()));
  if (status.lastTrap !== undefined) note('last trap', trapText(status.lastTrap));
  return facts;
}

/** One trap in a line. */
export function trapText({ pc, cycle, cause, isInterrupt, from, to }: TrapRecord): string {
  const kind = isInterrupt ? 'interrupt' : 'exception';
  return `${kind} ${String(cause)} at 0x${pc.toString(16)} from ${from} to ${to} in cycle ${String(cycle)}`;
}

/** In what two machines differ; a fact that only one of them has is `nothing` in the other. */
export function differences(expected: Facts, actual: Facts): readonly Difference[] {
  const names = new Set([...expected.keys(), ...actual.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [expected, actual].map((facts) => facts.get(name) ?? 'nothing');
    return one === other ? [] : [{ name, expected: one ?? '', actual: other ?? '' }];
  });
}
