import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** AssemblyScript: another language in the same file type, checked by its own compiler. */
const assemblyScript = [
  'sw/{shared,firmware,host,dv-driver,duvisor,vmm,kvm,kvm-vmm,operator,planted-bugs,published,guest,bench}/**/*.ts',
  '!sw/planted-bugs/substitution.ts',
  '!sw/**/*.asm.ts',
  '!sw/**/*.image.ts',
  'test/sw/toolchain/corpus/**',
  'test/sw/toolchain/kernels/source/**',
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'coverage/', '.cache/', 'node_modules/', ...assemblyScript] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'the model is deterministic' },
      ],
    },
  },
);
