import './choose-translator.ts';
import './suites.ts';
