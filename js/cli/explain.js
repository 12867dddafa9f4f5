// `countersign explain`: what a code means and how to fix its cause; what a contract, a pack or one of its rules
// demands, and where it is from.

import { readFileSync } from 'node:fs';

import { nearest } from '../base/nearest.js';
import { shipped } from '../api/node.js';
import { CODES, explanation, FAMILIES, THROWN } from '../codes/codes.js';
import { GATE } from '../codes/gate.js';
import { readable, wrapped } from '../report/markdown.js';
import { ruleText } from '../report/rule.js';
import { Terminal } from '../report/terminal.js';
import { catalogue, languageOf, namesOf, search } from './catalogue.js';
import { UsageError } from './outcome.js';
import { fileOf, packsNamed } from './packs.js';
import { ruleNames, rulesNamed } from './rules.js';

const FOLDERS = { contract: 'webhook', pack: 'deployment' };

export async function explain(options) {
  const { paths, io } = options;
  const codes = [CODES, GATE, THROWN].flatMap(Object.keys);
  const names = { contract: await shipped.names('contract'), pack: await shipped.names('pack') };
  if (paths.length === 0) throw nothingGiven(codes, names);
  const terminal = Terminal.of(io.stdout, options, io.env);
  const packs = onDemand(() => packsNamed(options.pack ?? names.pack, {}));
  const unknown = [];
  const texts = [];
  for (const path of paths) {
    const name = path.toLowerCase(); // as documents write it: Sub2API
    const kind = Object.keys(names).find((one) => names[one].includes(name));
    const isCode = explanation(name) !== undefined && !name.startsWith('policy-');
    const rules = kind !== undefined || isCode ? [] : rulesNamed(await packs(), path);
    if (kind !== undefined) texts.push(await ofReadme(terminal, kind, name, languageOf(options)));
    else if (rules.length > 0) texts.push(...rules.map((rule) => ofRule(terminal, rule)));
    else if (explanation(name)) texts.push(ofCode(terminal, name, languageOf(options)));
    else unknown.push(path);
  }
  io.stdout.write(texts.join('\n'));
  if (unknown.length > 0)
    throw await notKnown(unknown, [...codes, ...names.contract, ...names.pack, ...ruleNames(await packs())]);
  return {};
}

/** Makes something when it is first asked for. */
function onDemand(make) {
  let made;
  return () => (made ??= make());
}

function ofRule(terminal, { name, rule, annotations }) {
  return ruleText(terminal, { pack: name, ...rule, file: fileOf(name, rule.file), annotations });
}

function ofCode(terminal, name, language) {
  const isChinese = language === 'zh-CN';
  const { code, means, fix } = explanation(name, isChinese ? chineseTexts() : undefined);
  const [label, colon] = isChinese ? ['处理办法', '：'] : ['help', ': '];
  const help = wrapped(label + colon + fix, terminal.width)
    .join('\n')
    .replace(label, terminal.paint('info', label));
  return `${terminal.paint('bold', code)}\n\n${wrapped(means, terminal.width).join('\n')}\n\n${help}\n`;
}

function chineseTexts() {
  return JSON.parse(readFileSync(new URL('../codes/zh-CN.json', import.meta.url), 'utf8'));
}

/** What a README says before its first section, and where the rest is. */
async function ofReadme(terminal, kind, name, language) {
  const chinese = await shipped.readme(kind, name, 'zh-CN');
  const isChinese = language === 'zh-CN' && chinese !== undefined;
  const [head] = (isChinese ? chinese : await shipped.readme(kind, name)).split(/^## /m, 1);
  const file = `countersign/policies/${FOLDERS[kind]}/${name}/README${isChinese ? '.zh-CN' : ''}.md`;
  const more = isChinese ? `更多内容：${file}` : `more: ${file}`;
  const other = chinese === undefined || isChinese ? '' : `\n中文：countersign explain ${name} --lang zh-CN`;
  return `${readable(terminal, head)}\n\n${terminal.paint('dim', more + other)}\n`;
}

function nothingGiven(codes, names) {
  const families = Object.keys(FAMILIES).map((prefix) => `${prefix}…`);
  return new UsageError(
    'no code, contract, pack or rule given',
    `\n\nCodes: ${[...codes, ...families].join(', ')}\n\nContracts: ${names.contract.join(', ')}\n\n` +
      `Packs: ${names.pack.join(', ')}`,
  );
}

async function notKnown(given, known) {
  const list = given.map((name) => `\`${name}\``).join(', ');
  return new UsageError(`${list}: no code, contract, pack or rule of this name`, await hintOf(given[0], known));
}

async function hintOf(name, known) {
  const close = nearest(name, known);
  if (close) return `did you mean \`${close}\`?`;
  const { found } = search(await catalogue('en'), [name]);
  if (found.length > 0) return `there is ${namesOf(found)}`;
  return 'countersign explain lists the codes, countersign list the contracts and packs';
}
