/** Where a rule comes from: the unprivileged or privileged manual (April 2024), or DuVisor, with its section. */
export type SpecReference = `${'unpriv' | 'priv' | 'duvisor'} ${string}`;
