/** Every suite that sets a scene for a test machine; a test file that imports this runs them all. */
import '../hw/hart/access-recording.test.ts';
import '../hw/hart/cache-block.test.ts';
import '../hw/hart/exception-priority.test.ts';
import '../hw/hart/guest-fences.test.ts';
import '../hw/hart/memory-protection.test.ts';
import '../hw/hart/trap-reports.test.ts';
