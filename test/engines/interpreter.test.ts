import './choose-interpreter.ts';
import './suites.ts';
