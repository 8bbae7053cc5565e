/**
 * The layers of docs/reading-guide.md, "Layers". A block may import what is listed and itself; blocks meet at ports.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const allowed = {
  'hw/isa': [],
  'hw/kernel': [],
  'hw/wasm': ['hw/isa'],
  'hw/engine': ['hw/isa', 'hw/kernel', 'hw/wasm'],
  'hw/timing': ['hw/isa', 'hw/kernel', 'hw/wasm'],
  'hw/pmc': ['hw/isa', 'hw/kernel'],
  'hw/memory': ['hw/isa', 'hw/kernel'],
  'hw/interrupts': ['hw/isa', 'hw/kernel'],
  'hw/devices': ['hw/isa', 'hw/kernel'],
  'hw/dv-ext': ['hw/isa', 'hw/kernel'],
  'hw/hart': ['hw/isa', 'hw/kernel', 'hw/engine', 'hw/timing', 'hw/pmc', 'hw/dv-ext'],
  'sw/toolchain': ['hw/isa'],
  platforms: ['hw'],
  cli: ['hw', 'platforms', 'sw'],
};

const escape = (path) => `^${path.replaceAll('/', '\\/')}\\/`;

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([layer, reaches]) => ({
      name: `layer ${layer}`,
      severity: 'error',
      comment: `${layer} may import only ${reaches.length > 0 ? reaches.join(', ') : 'itself'}`,
      from: { path: escape(layer) },
      to: {
        path: '^(hw|sw|platforms|cli|test)\\/',
        pathNot: [escape(layer), ...reaches.map(escape)],
      },
    })),
    {
      name: 'no cycles between files',
      severity: 'error',
      from: { path: '^(hw|platforms|cli|sw\\/toolchain)\\/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'rxjs and immer only in the kernel',
      severity: 'error',
      comment: 'hw reaches them through hw/kernel',
      from: { path: '^hw\\/', pathNot: '^hw\\/kernel\\/' },
      to: { path: 'node_modules\\/(rxjs|immer)\\/' },
    },
    {
      name: 'hardware reads nothing of the host',
      severity: 'error',
      from: { path: '^hw\\/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing imports tests',
      severity: 'error',
      from: { path: '^(hw|sw|platforms|cli)\\/' },
      to: { path: '^test\\/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist|^out)\\/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
