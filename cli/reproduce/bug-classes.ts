/** A bug class of table 6: one CVE of KVM, and the code point at which its like is planted; `evaluation 1, table 6`, `evaluation 7`. */
export interface BugClass {
  /** What the guest `attacker` is told: the number in `sw/planted-bugs/arming.ts`. */
  readonly number: number;
  readonly cve: string;
  readonly subsystem: string;
  /** What is planted. */
  readonly bug: string;
  /** What the paper says of KVM. */
  readonly paper: string;
  /** Whether it is among those that stand for all when there is little time. */
  readonly isQuick?: true;
  /** Published counts of CVEs that reach the host kernel, of the subsystem; table 5. */
  readonly counts: {
    readonly kvm: number;
    readonly deprivileged: number;
    readonly duvisor: number;
  };
}

/** The classes, in the order of table 6. */
export const bugClasses: readonly BugClass[] = [
  {
    number: 1,
    cve: 'CVE-2017-12188',
    subsystem: 'memory virtualization',
    bug: 'stage 2 maps the guest-physical address itself',
    paper: 'guest reaches host memory; crash or takeover',
    counts: { kvm: 10, deprivileged: 2, duvisor: 0 },
  },
  {
    number: 2,
    cve: 'CVE-2018-16882',
    subsystem: 'interrupt virtualization',
    bug: 'write through a freed interrupt descriptor',
    paper: 'code execution in HK mode',
    counts: { kvm: 18, deprivileged: 18, duvisor: 0 },
  },
  {
    number: 3,
    cve: 'CVE-2016-8630',
    subsystem: 'ISA emulation',
    bug: 'decoder follows a null pointer',
    paper: 'host kernel crash',
    isQuick: true,
    counts: { kvm: 19, deprivileged: 10, duvisor: 0 },
  },
  {
    number: 4,
    cve: 'CVE-2020-8834',
    subsystem: 'VM exit handling',
    bug: 'guest state overruns the stack',
    paper: 'stack corruption, whole system unavailable',
    counts: { kvm: 17, deprivileged: 17, duvisor: 0 },
  },
  {
    number: 5,
    cve: 'CVE-2016-5412',
    subsystem: 'para-virtualization',
    bug: 'a hypercall that never ends',
    paper: 'infinite loop in the host kernel',
    isQuick: true,
    counts: { kvm: 4, deprivileged: 0, duvisor: 0 },
  },
  {
    number: 6,
    cve: 'CVE-2019-6974',
    subsystem: 'device virtualization',
    bug: 'call through a freed device',
    paper: 'VM escape in the kernel',
    counts: { kvm: 12, deprivileged: 0, duvisor: 0 },
  },
];
