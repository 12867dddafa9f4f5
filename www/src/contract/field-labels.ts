// What the form calls the members of a contract.

import { texts } from '../base/language.js';

const EN = {
  contract: 'Contract', name: 'Name', summary: 'Summary',
  request: 'Request', methods: 'Methods', path: 'Path', contentTypes: 'Content types', maxBytes: 'Largest body, in bytes',
  response: 'Answer', statuses: 'Statuses',
  signature: 'Signature', engine: 'Engine', unsigned: 'declared unsigned; a signature is added in the document',
  otherEngine: '{engine}; it is edited in the document',
  algorithm: 'Algorithm', keyFormat: 'Key format', strip: 'Taken off the key’s beginning', minBytes: 'Shortest key, in bytes',
  from: 'The signature stands in', shape: 'Form of its value', prefix: 'Prefix', separator: 'Separator', tag: 'Tag',
  take: 'Pairs that are signatures',
  encoding: 'Encoding', fieldFrom: '{name} stands in', fieldFormat: '{name} is written as', timeNamed: '{name} (time)', signed: 'What is signed',
  freshness: 'Freshness', judgeTime: 'Refuse what is too old', timeField: 'Time', time: 'Time', past: 'Seconds back', future: 'Seconds ahead',
  replay: 'Replay', noticeCopies: 'Notice copies', replayKey: 'What makes it the same message', onDuplicate: 'A copy',
  onMissing: 'Without these values', keep: 'Seconds to remember',
  payload: 'Payload', payloadFormat: 'Body', typePlace: 'The event’s type stands at', idPlace: 'The event’s id stands at',
  status: 'Status', preset: 'Statuses of refusals',
};

const ZH: Record<keyof typeof EN, string> = {
  contract: '契约', name: '名称', summary: '说明',
  request: '请求', methods: '方法', path: '路径', contentTypes: '内容类型', maxBytes: '正文最大字节数',
  response: '应答', statuses: '状态码',
  signature: '签名', engine: '引擎', unsigned: '声明为不签名；请在文档中添加签名', otherEngine: '{engine}；请在文档中编辑',
  algorithm: '算法', keyFormat: '密钥格式', strip: '从密钥开头去掉', minBytes: '密钥最少字节数',
  from: '签名位于', shape: '签名值的形式', prefix: '前缀', separator: '分隔符', tag: '标记', take: '哪些键是签名',
  encoding: '编码', fieldFrom: '{name} 位于', fieldFormat: '{name} 的格式', timeNamed: '{name}（时间）', signed: '签名内容',
  freshness: '时效', judgeTime: '拒绝过旧的消息', timeField: '时间', time: '时间', past: '允许早多少秒', future: '允许晚多少秒',
  replay: '重放', noticeCopies: '识别重复消息', replayKey: '用什么判断是同一条消息', onDuplicate: '遇到重复', onMissing: '缺少这些值时', keep: '记住多少秒',
  payload: '载荷', payloadFormat: '正文', typePlace: '事件类型位于', idPlace: '事件 id 位于',
  status: '状态码', preset: '拒绝时的状态码',
};

const t = texts({ en: EN, 'zh-CN': ZH });

/** A member that has no name here goes by its own. */
export function fieldLabel(name: string, values?: Record<string, string>): string {
  return Object.hasOwn(EN, name) ? t(name as keyof typeof EN, values) : name;
}
