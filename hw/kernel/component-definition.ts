import type { BusPort } from './bus-port.ts';
import type { ClockDomain } from './clock-domain.ts';
import type { PortNames, Ports, PortValues } from './ports.ts';

/** The part of a zod schema that a definition needs. */
export interface OptionsSchema<O = unknown> {
  parse(input: unknown): O;
}

/** What a platform can tell a component by itself. */
export type PlatformFact = 'hartCount';

/** What a component's functions may know beside state and inputs. */
export interface Context<P extends Ports, O> {
  /** The present, in ticks. */
  readonly now: number;
  readonly options: O;
  readonly clocks: Readonly<Record<PortNames<P, 'clock'>, ClockDomain>>;
  readonly buses: Readonly<Record<PortNames<P, 'initiator'>, BusPort>>;
  /** Sends a value out of the simulation; nothing inside can depend on it. */
  readonly emit: {
    readonly [K in PortNames<P, 'stream'>]: (value: PortValues<P, 'stream'>[K]) => void;
  };
}

/** A context while a register is accessed. */
export interface RegisterContext<P extends Ports, O> extends Context<P, O> {
  /** Which register of the array; 0 for a single one. */
  readonly index: number;
  /** Where in the register the access begins: 0 unless it is narrower than the register. */
  readonly firstByte: number;
}

interface RegisterShape<P extends Ports, S, O, Bytes extends number, V> {
  /** Bytes from the component's base. */
  readonly offset: number;
  readonly bytes: Bytes;
  /** Length of a register array: a number, or the name of the option that says so. */
  readonly count?: number | string;
  /** Bytes from one register of an array to the next; `bytes` if absent. */
  readonly stride?: number;
  /** How often the register or the array is repeated, and after how many bytes; `index` counts on through all of them. */
  readonly groups?: { readonly count: number | string; readonly stride: number };
  readonly description?: string;
  /** The value software reads; a register without it reads as zero. */
  read?(state: S, context: RegisterContext<P, O>): V;
  /** What a read changes (read-to-clear, pop). */
  afterRead?(draft: S, context: RegisterContext<P, O>): void;
  /** Takes the value software writes, which has as many bits as the register; without it writes are ignored. */
  write?(draft: S, value: V, context: RegisterContext<P, O>): void;
}

/** A register: numbers up to 4 bytes, bigints at 8. */
export type Register<P extends Ports = Ports, S = never, O = never> =
  RegisterShape<P, S, O, 1 | 2 | 4, number> | RegisterShape<P, S, O, 8, bigint>;

/** The outputs that `drive` must return: all of them. */
export type Outputs<P extends Ports> = PortValues<P, 'output'>;

/** The inputs that functions may read: nothing else. */
export type Inputs<P extends Ports> = PortValues<P, 'input'>;

/** Function shapes, written as methods so that a definition fits lists of definitions with other states. */
interface Functions<P extends Ports, S extends object, O, V = unknown> {
  reset(options: O): S;
  sample(state: S, context: Context<P, O>): V;
  act(draft: S, value: number, context: Context<P, O>): void;
}

/**
 * A component: ports, state, registers and what happens at its edges. A pure declaration; `Circuit.add` makes
 * an instance. Functions that receive a draft change it (immer); all others only read.
 */
export interface ComponentDefinition<
  P extends Ports = Ports,
  S extends object = object,
  O = unknown,
> {
  /** The word that selects this component in a platform file. */
  readonly kind: string;
  /** One sentence for `describe components`. */
  readonly summary: string;
  /** Bytes of address space; absent if nothing is mapped. */
  readonly size?: number;
  /**
   * How software reaches the registers: `window` (at one base address; the default) or `symbols` (each register over
   * RAM, where the program's symbol of the register's name is).
   */
  readonly placement?: 'window' | 'symbols';
  /** Latency class of accesses; the kind if absent. */
  readonly latency?: string;
  /** What an access inside the window that hits no register does: `fault` (the default), or reads 0 and is ignored. */
  readonly unmapped?: 'fault' | 'zero';
  /** What an access wider than the registers it covers does: `fault` (the default), or is made as two halves. */
  readonly wide?: 'fault' | 'split';
  readonly options?: OptionsSchema<O>;
  /** Options that the platform itself provides where they are not given: option name to fact. */
  readonly platformOptions?: Readonly<Record<string, PlatformFact>>;
  readonly ports: P;
  /** The state after reset: plain data. */
  readonly reset: S | Functions<P, S, O>['reset'];
  readonly registers?: Readonly<Record<string, Register<P, S, O>>>;
  /** Combinational: state and inputs to outputs. Required where there are outputs. */
  drive?(state: S, inputs: Inputs<P>, context: Context<P, O>): Outputs<P>;
  /** Clocked: changes the draft at each edge that `nextEdge` asked for. */
  onEdge?(draft: S, inputs: Inputs<P>, context: Context<P, O>): void;
  /**
   * The tick of the next edge at which anything happens without being written to; `undefined` while idle. Asked again
   * whenever state or inputs changed; rounded up to an edge after the present one.
   */
  nextEdge?(state: S, inputs: Inputs<P>, context: Context<P, O>): number | undefined;
  /** Values of the sampled ports. */
  readonly sample?: {
    readonly [K in PortNames<P, 'sampled'>]: Functions<
      P,
      S,
      O,
      PortValues<P, 'sampled'>[K]
    >['sample'];
  };
  /** What the world outside can do to it, such as type a byte. */
  readonly actions?: Readonly<Record<string, Functions<P, S, O>['act']>>;
}

type DriveRule<P extends Ports> = [PortNames<P, 'output'>] extends [never]
  ? unknown
  : { drive: (...parameters: never[]) => Outputs<P> };

type SampleRule<P extends Ports> = [PortNames<P, 'sampled'>] extends [never]
  ? unknown
  : { sample: object };

/** Declares a component; a missing output, or a read of anything but an input, does not compile. */
export function defineComponent<const P extends Ports, S extends object, O>(
  definition: ComponentDefinition<P, S, O> & DriveRule<NoInfer<P>> & SampleRule<NoInfer<P>>,
): ComponentDefinition<P, S, O> {
  return definition;
}

/** Declares a component that software sees through registers. */
export function defineDevice<const P extends Ports, S extends object, O>(
  definition: ComponentDefinition<P, S, O> & { readonly size: number } & DriveRule<NoInfer<P>> &
    SampleRule<NoInfer<P>>,
): ComponentDefinition<P, S, O> & { readonly size: number } {
  return definition;
}
