import './choose-translator.ts';
import './scenes.ts';
