// What a reader says about what it read, in English and Chinese.

/**
 * What the bytes of a request cannot be known by, or what was left out.
 * @typedef {{ note: string, [fact: string]: string | number }} Note
 */

/** @param {string} code @param {Record<string, string | number>} [facts] @returns {Note} */
export function note(code, facts = {}) {
  return { note: code, ...facts };
}

/** @type {Record<string, [en: string, zh: string]>} */
const TEXTS = {
  before: [
    'The message begins on line {line}: the text before it was left out',
    '消息从第 {line} 行开始：之前的文字已略去',
  ],
  earlier: ['The heads of earlier responses were left out', '更早响应的标头已略去'],
  cut: [
    'After the {bytes} bytes of Content-Length there were only line breaks: they were left out.',
    'Content-Length 所说的 {bytes} 字节之后只有换行：已略去。',
  ],
  // Files of editors.
  variables: [
    'Variables are not replaced: write their values instead of {names}',
    '变量不会被替换：请把 {names} 改写为实际的值',
  ],
  command: [
    'Lines that begin with < or > are not executed, and no files are read: the lines stay in the body',
    '以 < 或 > 开头的行不会被执行，也不会读取文件：它们保留在正文中',
  ],
  parts: ['A part between ### lines has no request line and was left out', '以 ### 分隔的部分中，没有请求行的已略去'],
  // curl.
  file: [
    '{option} reads the file {file}, which is not read here: give its content as the body',
    '{option} 读取文件 {file}，这里不会读取：请把文件内容作为正文',
  ],
  input: [
    'The body comes from standard input, which is not here: give it as the body',
    '正文来自标准输入，这里没有：请把它作为正文',
  ],
  'headers-file': [
    '-H reads the file {file}, which is not read here: add its headers by hand',
    '-H 读取文件 {file}，这里不会读取：请手动添加其中的标头',
  ],
  cookies: [
    '-b reads the file {file}, which is not read here: add the Cookie header by hand',
    '-b 读取文件 {file}，这里不会读取：请手动添加 Cookie 标头',
  ],
  form: [
    '{option} writes a multipart body with a boundary that the sender chooses at random: give the body as it was sent',
    '{option} 生成 multipart 正文，其分隔符每次随机产生：请给出实际发送的正文',
  ],
  urls: ['Only the first URL is used', '只采用第一个 URL'],
  shell: ['The shell would replace {names}: write the value in', 'shell 会替换 {names}：请写入实际的值'],
  ignored: ['Ignored, as they do not change the message: {options}', '与消息无关：{options}'],
  // HAR.
  'har-encoding': [
    'The HAR says that the body has an encoding other than base64: it is shown as it is written',
    'HAR 标明的正文编码不是 base64：按原文显示',
  ],
  'har-base64': ['The HAR says that the body is base64, but it is not', 'HAR 标明正文是 base64，但它不是'],
  'har-length': [
    'The HAR has {bytes} bytes of the body, but Content-Length is {said}: a HAR stores bodies as text and drops binary ones',
    'HAR 中的正文有 {bytes} 字节，而 Content-Length 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
  ],
  'har-size': [
    'The HAR has {bytes} bytes of the body, but its `bodySize` is {said}: a HAR stores bodies as text and drops binary ones',
    'HAR 中的正文有 {bytes} 字节，而 `bodySize` 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
  ],
  'har-unrecorded': [
    'The HAR has nothing of the body, which had {said} bytes: give the body as it was sent',
    'HAR 没有保存请求的正文（原有 {said} 字节）：请给出实际发送的正文',
  ],
  'har-parameters': [
    "The HAR has the body's parameters, but not its bytes: give the body as it was sent",
    'HAR 只保存了正文的参数，没有原始字节：请给出实际发送的正文',
  ],
  'har-dropped': [
    'The HAR dropped the body of the response, which had {said} bytes',
    'HAR 没有保存响应的正文（原有 {said} 字节）',
  ],
};

/** @param {Note} found @param {string} [language] */
export function noteText(found, language = 'en') {
  const text = TEXTS[found.note]?.[language === 'zh-CN' ? 1 : 0] ?? found.note;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in found ? String(found[name]) : whole));
}
