/** Where a rule comes from: the unprivileged or privileged manual, or the DuVisor paper, with its section. */
export type SpecReference = `${'unpriv' | 'priv' | 'duvisor'} ${string}`;
