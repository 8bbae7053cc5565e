import type { Hart } from '../../hw/hart/index.ts';
import type { ModeLabel } from '../../hw/isa/index.ts';
import type { Machine } from '../machine.ts';
import type { CodeNames } from '../run/code-names.ts';
import type { CallNode } from './call-tree.ts';
import { type CodeFunction, FunctionTable } from './code-function.ts';
import { HartProfile } from './hart-profile.ts';
import { ParkedStacks } from './parked-stacks.ts';

/** What a function spent itself, called by certain others, on one leaf of its hart's cycle tree. */
export interface ProfileEntry {
  readonly hart: number;
  readonly mode: ModeLabel;
  /** The virtual machine whose code it is; undefined outside of guests. */
  readonly vm: number | undefined;
  /** The function, behind those that called it. */
  readonly stack: readonly CodeFunction[];
  readonly mechanism: string;
  readonly cycles: number;
  /** How often cycles were booked on the leaf. */
  readonly times: number;
}

/** How often a function was entered in a mode. */
export interface FunctionEntries {
  readonly hart: number;
  readonly mode: ModeLabel;
  readonly vm: number | undefined;
  readonly code: CodeFunction;
  readonly times: number;
}

interface Followed {
  readonly profile: HartProfile;
  /** The leaves of the hart's cycle tree when following began. */
  readonly before: Float64Array;
}

/** Every cycle of a machine by hart, mode, function and mechanism; each function by who called it. */
export class Profile {
  readonly #followed: readonly Followed[];

  /** Follows all harts of a machine from now on; results are the same. */
  constructor({ harts }: Pick<Machine, 'harts'>, names: CodeNames) {
    const tables = new Map<ModeLabel, FunctionTable>();
    const tableOf = (mode: ModeLabel): FunctionTable => {
      let table = tables.get(mode);
      if (table === undefined) {
        table = new FunctionTable(names.programIn(mode));
        tables.set(mode, table);
      }
      return table;
    };
    const parked = new ParkedStacks();
    this.#followed = harts.map((hart) => ({
      profile: new HartProfile(hart, tableOf, parked),
      before: hart.account.tree.leaves.slice(),
    }));
  }

  /** Where the cycles went; those of a hart and a leaf sum to what the hart's cycle tree says. */
  entries(): readonly ProfileEntry[] {
    return this.#followed.flatMap((followed) => {
      const entries = entriesOf(followed.profile);
      checkSum(followed, entries);
      return entries;
    });
  }

  /** How often each function was entered. */
  functionEntries(): readonly FunctionEntries[] {
    return this.#followed.flatMap(({ profile }) => {
      return visit(profile, ({ vm, node, mode }) => {
        const { code, entries: times } = node;
        return times === 0 ? [] : [{ hart: profile.hart.id, mode, vm, code, times }];
      });
    });
  }
}

interface Visited {
  readonly vm: number | undefined;
  readonly stack: readonly CodeFunction[];
  readonly node: CallNode;
  /** The mode in which the function was first seen to spend something. */
  readonly mode: ModeLabel;
}

function entriesOf(profile: HartProfile): readonly ProfileEntry[] {
  const { tree } = profile.hart.account;
  const { mechanisms, modes } = tree;
  return visit(profile, ({ vm, stack, node }) => {
    return node.booked.map(({ leaf, cycles, times }) => {
      const mode = modes[Math.floor(leaf / mechanisms.length)] ?? 'M';
      const mechanism = mechanisms[leaf % mechanisms.length]?.name ?? '';
      return { hart: profile.hart.id, mode, vm, stack, mechanism, cycles, times };
    });
  });
}

function visit<Item>(
  { hart, roots }: HartProfile,
  look: (visited: Visited) => readonly Item[],
): readonly Item[] {
  const { modes, mechanisms } = hart.account.tree;
  const below = (
    vm: number | undefined,
    callers: readonly CodeFunction[],
    node: CallNode,
  ): readonly Item[] => {
    const stack = [...callers, node.code];
    const [first] = node.booked;
    const mode = modes[Math.floor((first?.leaf ?? 0) / mechanisms.length)] ?? 'M';
    return [
      ...look({ vm, stack, node, mode }),
      ...[...node.children].flatMap((child) => below(vm, stack, child)),
    ];
  };
  return [...roots].flatMap(({ vm, node }) => {
    return [...node.children].flatMap((child) => below(vm, [], child));
  });
}

/** No cycle is lost, and none is counted twice. */
function checkSum({ profile: { hart }, before }: Followed, entries: readonly ProfileEntry[]): void {
  const { tree }: Hart['account'] = hart.account;
  const told = new Map<string, number>();
  for (const { mode, mechanism, cycles } of entries) {
    const leaf = `${mode} ${mechanism}`;
    told.set(leaf, (told.get(leaf) ?? 0) + cycles);
  }
  for (const mode of tree.modes) {
    for (const { name } of tree.mechanisms) {
      const leaf = tree.leaf(mode, name);
      const cycles = (tree.leaves[leaf] ?? 0) - (before[leaf] ?? 0);
      const sum = told.get(`${mode} ${name}`) ?? 0;
      if (sum === cycles) continue;
      const place = `hart ${String(hart.id)}, ${mode} ${name}`;
      throw new Error(`profile: ${place}: ${String(sum)} of ${String(cycles)} cycles`);
    }
  }
}
