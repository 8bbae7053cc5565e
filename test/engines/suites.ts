/** Every suite that executes programs on a test machine; a test file that imports this runs them all. */
import '../hw/hart/atomics.test.ts';
import '../hw/hart/bare-program.test.ts';
import '../hw/hart/compressed-code.test.ts';
import '../hw/hart/fence-instructions.test.ts';
import '../hw/hart/float-state.test.ts';
import '../hw/hart/misaligned.test.ts';
import '../hw/hart/performance-counters.test.ts';
import '../hw/hart/random-code.test.ts';
import '../hw/hart/supervisor-timer-expiry.test.ts';
import '../hw/hart/vm-exit.test.ts';
import '../hw/hart/wait.test.ts';
import '../timing/float.test.ts';
import '../timing/interlocks.test.ts';
import '../timing/multiply-divide.test.ts';
import '../timing/transfers.test.ts';
import '../timing/translation.test.ts';
