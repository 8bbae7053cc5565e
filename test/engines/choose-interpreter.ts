import { useEngine } from '../harness/engine-under-test.ts';

useEngine('interpreter');
