// What draws an outcome: loaded beside the engine, as there is none before.

export { curlCommand } from '../../../pkg/write/curl.js';
export { annotationOf } from '../deployment/packs.js';
export { copyButton } from '../result/copy.js';
export { diagnosisText, doctorView } from '../result/doctor.js';
export { killedText, killedView, noKeyView, thrownView, unreadView } from '../result/ended.js';
export { countsOf } from '../result/words.js';
export { findingsList } from '../result/findings.js';
export { jsonView, messageView } from '../result/json-view.js';
export { lintView } from '../result/lint.js';
export { outcomeOf, reportText, reportView } from '../result/report.js';
export { signedView } from '../result/signed.js';
export { stageStrip } from '../result/stages.js';
export { verdictLine, verdictText } from '../result/verdict-line.js';
export { mistakesOf, readMarks } from './marks.js';
