// Everything between the text that somebody pastes and the message that the engine judges.

export { curlCommand } from './curl-command';
export { addHeader, addQuery, removeHeader, removeQuery, withBody, withHeader, withHeaders, withQuery } from './edit';
export type { Layout, Range } from './layout';
export { type Notice, type ParsedMessage, parseMessage, type Problem } from './parse';
export type { Resolve } from './places';
export { applied, type Pasted, type PasteKind, recognise, type Recognised } from './recognise';
export { messageText, type MessageText, recordingText } from './recording';
export { resolverOf } from './resolve';
export { headersTable, queryTable, type Table, type TableOptions } from './table';
