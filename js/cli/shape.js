// `countersign shape`: converts an event to the canonical message, and with --sign to the signed request.

import { compile } from '../api/node.js';
import { shapeReport } from '../report/shape.js';
import { Terminal } from '../report/terminal.js';
import { loadContract, named } from './contract-file.js';
import { readBytes } from './files.js';
import { keysOf } from './keys.js';
import { failing, UsageError } from './outcome.js';
import { outgoing, refuseMisuse, signedText } from './outgoing.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { standIn } from './stand-in.js';

const OF_SIGNING = ['key-env', 'key-file', 'nonce', 'curl', 'http'];

export async function shape(options) {
  const {
    paths: [file, ...more],
  } = options;
  if (file === undefined) throw new UsageError('no event given', 'name the file of the event, or - for standard input');
  if (more.length > 0) throw new UsageError('only one event can be shaped at a time');
  onlyOneOnScreen(options);
  const reportOnScreen = options.formats.some((format) => format.file === undefined && format.format !== 'pretty');
  refuseUnused(options, reportOnScreen);
  const { contract, files } = await loadContract(options.contract);
  refuseMisuse(options, contract);
  const bytes = readBytes(file);
  // Without --sign nothing is signed, so no key is needed.
  const keys = options.sign ? keysOf(options, contract) : standIn(contract);
  const gate = await named(options.contract, () => compile(contract, { files, keys, origin: options.origin }));
  const { shaped, message } = gate.shapeText(outgoing(bytes, options, contract, gate), { now: options.now });
  const { findings } = JSON.parse(shaped);
  const failed = message === undefined || failing(findings, options.failOn);
  const result = { file, bytes, findings, failed, contract: contract.contract };
  const output = failed ? '' : made(gate, message, options, contract);
  gate.free();
  const others = reportOnScreen ? options.formats : options.formats.filter((format) => format.file !== undefined);
  await writeReports(
    { ...options, formats: others },
    {
      pretty: (terminal) => shapeReport(terminal, result),
      json: () => `${shaped}\n`,
      jsonl: () => `${shaped}\n`,
    },
    !failed,
  );
  if (!reportOnScreen) {
    if (failed || !options.quiet)
      options.io.stderr.write(shapeReport(Terminal.of(options.io.stderr, options, options.io.env), result));
    options.io.stdout.write(output);
  }
  return { findings: failed };
}

/** The bytes of the message to sign, without a line break; or the signed request. */
function made(gate, message, options, contract) {
  if (!options.sign) return message;
  return signedText(gate, outgoing(Buffer.from(message), options, contract, gate), options, contract, '-');
}

function refuseUnused(options, reportOnScreen) {
  const given = OF_SIGNING.find((option) => options[option] !== undefined);
  if (given !== undefined && !options.sign)
    throw new UsageError(`--${given} has no effect without --sign`, 'add --sign, or leave it out');
  if (options.sign && reportOnScreen)
    throw new UsageError(
      'the signed request and a report would both go to the screen',
      'send the report to a file: -f json=shaped.json',
    );
}
