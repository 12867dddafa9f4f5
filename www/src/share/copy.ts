// What is copied as text: a step of a workflow, and a report for an issue or a chat.

import type { Diagnosis, Report, Verdict } from '../../../pkg/index.js';
import { texts } from '../base/language.js';
import { timeText } from '../base/time.js';
import { contractDocument, type Contracts } from '../contract/files.js';
import type { State } from '../state.js';
import { checkCommand, folderName, keyVariables, wantsSecret } from './commands.js';
import { ownSignature } from './own-signature.js';
import { redacted, suspicious, valuesOf, withoutValues } from './warn.js';

const MOST = 6000; // characters of one block: an issue takes 65,536 in all

const t = texts({
  en: {
    commit: '# Copy as test case first, and commit the folder as {folder}/',
    secret: '# and store the key as the repository secret {variable}: Settings, Secrets and variables, Actions.',
    verify: 'Verify the recorded webhook',
    check: 'Check the deployment',
    same: '# Fails where the verdict is another than the one that is committed.',
    title: 'Countersign: {what}',
    stage: 'Stage',
    result: 'Result',
    findings: 'Findings',
    none: 'No findings.',
    cause: 'Cause',
    proved: 'proved',
    suspected: 'suspected',
    message: 'Message',
    masked: 'Signatures and credentials are masked.',
    contract: 'Contract',
    policy: 'Policy',
    documents: 'Documents',
    data: 'Data',
    judged: 'Judged at {time} ({now}) by countersign {version}.',
    cut: '… ({count} more characters)',
  },
  'zh-CN': {
    commit: '# 请先“复制为测试用例”，并将该文件夹提交为 {folder}/',
    secret: '# 然后将密钥存为仓库 secret {variable}：Settings → Secrets and variables → Actions。',
    verify: '验证已录制的 webhook',
    check: '检查部署',
    same: '# 当结论与已提交的结论不同时失败。',
    title: 'Countersign：{what}',
    stage: '阶段',
    result: '结果',
    findings: '发现',
    none: '没有发现。',
    cause: '原因',
    proved: '已证实',
    suspected: '可疑',
    message: '消息',
    masked: '签名和凭据已遮盖。',
    contract: '契约',
    policy: '策略',
    documents: '文档',
    data: '数据',
    judged: '判断时间 {time}（{now}），countersign {version}。',
    cut: '……（还有 {count} 个字符）',
  },
});

interface CiOptions {
  state: State;
  contracts: Contracts;
  now: number;
  /** Of the page's keys, never the keys themselves. */
  keyIds?: (string | undefined)[];
  /** Whether the test case holds published keys, so that none is asked for. */
  published?: boolean;
}

/** A step of a GitHub Actions workflow that judges the committed folder of `caseFolder`. */
export function ciStep({ state, contracts, now, keyIds = [], published = false }: CiOptions): string {
  const folder = `tests/webhooks/${folderName(state, contracts)}`;
  if (state.mode === 'deployment') {
    return [
      t('commit', { folder }),
      `- name: ${t('check')}`,
      `  run: ${checkCommand(state, now, `${folder}/`)}`,
      '',
    ].join('\n');
  }
  const secret = !published && wantsSecret(state, contracts);
  const { variables, flags } = keyVariables(keyIds);
  return [
    t('commit', { folder }),
    ...(secret ? [t('secret', { variable: variables.join(', ') })] : []),
    t('same'),
    `- name: ${t('verify')}`,
    '  shell: bash',
    `  run: npx countersign verify ${folder}${secret ? flags : ''} -f json --fail-on never | diff ` +
      `${folder}/verdict.json -`,
    ...(secret ? ['  env:', ...variables.map((name) => `    ${name}: \${{ secrets.${name} }}`)] : []),
    '',
  ].join('\n');
}

interface ReportOptions {
  state: State;
  contracts: Contracts;
  /** Of a message, or of a deployment. */
  verdict: Verdict | Report;
  diagnosis?: Diagnosis;
  now: number;
  version: string;
}

/** A report in Markdown. What others wrote stands in fences and code alone, so that it is text to whoever shows it. */
export async function markdown({ state, contracts, verdict, diagnosis, now, version }: ReportOptions): Promise<string> {
  const shared = await redacted(state, contracts);
  const values = valuesOf(state, await suspicious(state, contracts));
  const name = contractDocument(shared.contract, contracts)?.contract;
  const what = [
    state.mode === 'webhook' && typeof name === 'string' && code(name),
    `**${verdict.verdict}**`,
    'status' in verdict && verdict.status !== undefined && `${verdict.status}`,
  ];
  const time = timeText(now);
  const found = verdict.findings.map(findingText).join('\n');
  const parts = [
    `### ${t('title', { what: what.filter(Boolean).join(' ') })}`,
    ...('stages' in verdict ? [stageTable(verdict)] : []),
    found === '' ? t('none') : `#### ${t('findings')}\n\n${fence(withoutValues(found, values), 'text')}`,
    ...(diagnosis === undefined ? [] : causes(diagnosis, values)),
    ...(state.mode === 'webhook' ? webhookParts(shared, contracts) : deploymentParts(shared)),
    t('judged', { time, now, version }),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stageTable({ stages }: Verdict): string {
  const marks = { pass: '✓', fail: '✗', warn: '!', skipped: '–' };
  return [
    `| ${t('stage')} | ${t('result')} |`,
    '|---|---|',
    ...stages.map(({ stage, result }) => `| ${stage} | ${marks[result]} ${result} |`),
  ].join('\n');
}

function findingText(finding: {
  code: string;
  severity: string;
  message: string;
  at?: string;
  help?: unknown;
  document?: unknown;
}): string {
  const { severity, code: name, at, document, message, help } = finding;
  const place = [document === undefined ? '' : `#${String(document)}`, at ?? '']
    .filter((part) => part !== '')
    .join(' ');
  return (
    `${severity}[${name}]${place === '' ? '' : ` ${place}`}: ` +
    `${oneLine(message)}${typeof help === 'string' ? `\n  help: ${oneLine(help)}` : ''}`
  );
}

function causes({ causes: proved, suspects }: Diagnosis, values: string[]): string[] {
  const all = [...proved, ...suspects];
  if (all.length === 0) return [];
  const lines = all.map(({ id, proved: holds, at, message, mends }) => {
    const entries = Object.entries(mends);
    const namesOf = (text: string) =>
      entries
        .filter(([, other]) => other === text)
        .map(([framework]) => framework)
        .join(', ');
    const mended = [...new Set(entries.map(([, text]) => text))].map((text) => `  ${namesOf(text)}: ${oneLine(text)}`);
    return [`${holds ? t('proved') : t('suspected')}[${id}] ${at}: ${oneLine(message)}`, ...mended].join('\n');
  });
  return [`#### ${t('cause')}\n\n${fence(withoutValues(lines.join('\n'), values), 'text')}`];
}

function webhookParts(shared: State, contracts: Contracts): string[] {
  const own = Object.entries(shared.contract.files);
  return [
    `#### ${t('message')}\n\n${fence(maskedMessage(shared, contracts), 'http')}\n\n${t('masked')}`,
    ...own.map(
      ([name, text]) =>
        `#### ${name.endsWith('.rego') ? t('policy') : t('contract')} ` +
        `${code(name)}\n\n${fence(text, languageOf(name))}`,
    ),
  ];
}

function deploymentParts({ deployment: { documents, policy, data, params } }: State): string[] {
  return [
    ...(documents.trim() === ''
      ? []
      : [`#### ${t('documents')}\n\n${fence(documents, /^\s*[[{]/.test(documents) ? 'json' : 'yaml')}`]),
    ...Object.entries(policy).map(([name, text]) => `#### ${t('policy')} ${code(name)}\n\n${fence(text, 'rego')}`),
    ...[data, params].filter((text) => text.trim() !== '').map((text) => `#### ${t('data')}\n\n${fence(text, 'json')}`),
  ];
}

/** The contract's own signature is masked as well: a report is read by more people than a link. */
function maskedMessage({ message, contract }: State, contracts: Contracts): string {
  const { text } = message;
  const ranges = ownSignature(text, contractDocument(contract, contracts)).sort(([left], [right]) => right - left);
  return ranges.reduce((out, [from, to]) => `${out.slice(0, from)}[masked]${out.slice(to)}`, text);
}

function languageOf(name: string): string {
  return /\.(rego|json|ya?ml)$/.exec(name)?.[1] ?? 'text';
}

/** A block whose fence is longer than any within. */
function fence(text: string, language: string): string {
  const shown =
    text.length > MOST
      ? `${text.slice(0, MOST).replace(/[\uD800-\uDBFF]$/, '')}\n${t('cut', { count: text.length - MOST })}`
      : text;
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${shown.replace(/\r\n?/g, '\n').replace(/\n$/, '')}\n${marks}`;
}

function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${longest > 0 ? ' ' : ''}${oneLine(text)}${longest > 0 ? ' ' : ''}${marks}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
