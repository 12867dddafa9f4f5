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
  // What stands around it.
  quote: ['The marks of a quotation were removed', '引用标记已移除'],
  indent: [
    '{blanks} blanks at the beginning of each line were removed, in the body too',
    '每行开头的 {blanks} 个空白字符已移除，正文中也是',
  ],
  typographic: ['Typographic quotes and dashes were read as plain ones', '排版引号和破折号按普通字符读取'],
  unknown: ['No request is recognised in it: it is {made}', '未能识别出请求：它是 {made}'],
  'no-start': ['There is no request line: POST / is assumed', '没有请求行：按 POST / 处理'],
  'no-body': [
    'The headers are shown without the body: add it as it was sent',
    '只显示了标头，没有正文：请补上实际发送的正文',
  ],
  'response-headers': ['The headers of the response were left out', '响应的标头已略去'],
  'shown-body': [
    'Whether the body was sent with these blanks and line breaks cannot be told: if the ' +
      'signature fails, record the raw body',
    '无法得知正文发送时是否就有这些空白和换行：如果签名不符，请记录原始正文',
  ],
  after: ['The text after it was left out', '之后的文字已略去'],
  // Programs.
  values: ['Only the program knows {names}: write the values in', '只有程序知道 {names}：请写入实际的值'],
  'body-unknown': [
    'The body is a value that only the program knows: give it as it was sent',
    '正文是只有程序知道的值：请给出实际发送的正文',
  ],
  'printed-cut': [
    'What printed it left parts out: print it whole, with JSON.stringify',
    '打印时有部分内容被省略：请用 JSON.stringify 完整打印',
  ],
  reprinted: [
    'The body was parsed before it was shown, so its bytes are a guess: record the raw body',
    '正文在显示之前已被解析，其字节只是推测：请记录原始正文',
  ],
  made: [
    'The body is made as {what} usually is: its bytes are a guess',
    '正文按 {what} 的通常形式生成：其字节只是推测',
  ],
  nested: ['HTTPie makes an object of {name}, which is not done here', 'HTTPie 会把 {name} 展开为对象，这里不会'],
  chunked: ['The body is sent in chunks, which are joined here', '正文分块发送，这里已合并'],
  'powershell-quotes': [
    'Before version 7.3 PowerShell drops double quotes in an argument: they were kept',
    'PowerShell 7.3 之前会丢弃参数中的双引号：这里已保留',
  ],
  'powershell-text': [
    'Windows PowerShell sends this text as ISO-8859-1 and PowerShell 7 as UTF-8: it was read as UTF-8',
    'Windows PowerShell 以 ISO-8859-1 发送此文本，PowerShell 7 以 UTF-8 发送：这里按 UTF-8 读取',
  ],
  'powershell-json': [
    'How ConvertTo-Json indents depends on the version of PowerShell: the bytes of the body are a guess',
    'ConvertTo-Json 的缩进取决于 PowerShell 的版本：正文的字节只是推测',
  ],
  // Traces.
  'trace-body': [
    'The trace does not show the body of {bytes} bytes: give it as it was sent',
    '跟踪记录没有显示 {bytes} 字节的正文：请给出实际发送的正文',
  ],
  'trace-dots': [
    'The trace shows every unprintable byte as a dot: use --trace in place of --trace-ascii',
    '跟踪记录把不可打印的字节都显示为点：请改用 --trace',
  ],
  // Exports and events.
  auth: ['The authentication `{type}` is not applied', '不会应用 `{type}` 身份验证'],
  query: [
    'The query was taken apart before: its order and its percent-encoding are a guess',
    '查询参数先前已被拆开：其顺序和百分号编码只是推测',
  ],
  base64: ['The body is said to be base64, but it is not', '正文标明为 base64，但它不是'],
  replaced: [
    'The body has characters that stand for bytes that are not UTF-8: those bytes are lost',
    '正文中有替代字符：不是 UTF-8 的字节已丢失',
  ],
  // Pages.
  'no-payload': ['The payload is not in it: add it as it was sent', '其中没有负载：请补上实际发送的正文'],
  'shown-payload': [
    'The page indents the payload: it was read without those blanks, as it is usually sent. If ' +
      'the signature fails, record the raw body',
    '页面会缩进负载：这里去掉了这些空白，按通常的发送形式读取。如果签名不符，请记录原始正文',
  ],
  'stripe-signature': [
    'The page shows no Stripe-Signature header: add it to verify the signature',
    '页面没有显示 Stripe-Signature 标头：请补上以验证签名',
  ],
  'stripe-body': [
    'The body is as the page shows it: if the signature fails, record the raw body',
    '正文与页面所示一致：如果签名不符，请记录原始正文',
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
    'The HAR has {bytes} bytes of the body, but Content-Length is {said}: a HAR stores bodies ' +
      'as text and drops binary ones',
    'HAR 中的正文有 {bytes} 字节，而 Content-Length 为 {said}：HAR 以文本保存正文，会丢弃二进制内容',
  ],
  'har-size': [
    'The HAR has {bytes} bytes of the body, but its `bodySize` is {said}: a HAR stores bodies ' +
      'as text and drops binary ones',
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
