import './choose-interpreter.ts';
import './scenes.ts';
