import { isBelow } from '../json-api/find-json-api.ts'
import type { JsonApi } from '../json-api/json-api.ts'
import type { Unserved } from '../json-api/unserved.ts'

const text = 'the local models read and write text only'
const conversation = '/v1/responses keeps what was said: go on by previous_response_id'
const assistant = `use /v1/responses with instructions and tools; ${conversation}`
const tool = 'this server runs no tools: offer the function as a tool, and run it in your program'
const notStored = 'chat completions are not stored; responses are: use /v1/responses'
const people = 'users, keys and what they may do are managed by hone keys; use is counted at /metrics'

/** What a client asks for whose base URL lacks its end. */
const withoutEnd: readonly Unserved[] = [
  '/chat',
  '/completions',
  '/responses',
  '/models',
  '/files',
  '/uploads',
  '/batches',
  '/fine_tuning',
].map((path) => ({ path, instead: "the base URL of OpenAI's clients ends with /v1" }))

/** Whether a request means OpenAI's API, and its base URL lacks its end. */
export const lacksEnd = ({ headers, url }: Parameters<JsonApi['claims']>[0]): boolean =>
  /^bearer /i.test(headers.authorization ?? '') && withoutEnd.some(({ path }) => isBelow(url, path))

/** What OpenAI serves and this server does not. */
export const unserved: readonly Unserved[] = [
  {
    path: '/v1/chat/completions',
    method: 'GET',
    instead: notStored,
  },
  {
    path: '/v1/chat/completions/{completion}',
    instead: notStored,
  },
  {
    path: '/v1/responses/compact',
    method: 'POST',
    instead: 'no conversation is compacted: go on by previous_response_id, or send a shorter input',
  },
  {
    path: '/v1/responses/{response}/cancel',
    instead: 'no response is computed in the background: close the connection to stop one',
  },
  { path: '/v1/conversations', instead: conversation },
  { path: '/v1/assistants', instead: assistant },
  { path: '/v1/threads', instead: assistant },
  { path: '/v1/chatkit', instead: assistant },
  { path: '/v1/vector_stores', instead: 'search in your program, and send what it finds with the question' },
  { path: '/v1/containers', instead: tool },
  { path: '/v1/skills', instead: tool },
  { path: '/v1/embeddings', instead: 'the local models answer in text: no vectors are computed' },
  {
    path: '/v1/moderations',
    instead: 'tune a model with your own labels, and ask it by /v1/chat/completions',
  },
  { path: '/v1/images', instead: text },
  { path: '/v1/audio', instead: text },
  { path: '/v1/videos', instead: text },
  { path: '/v1/realtime', instead: text },
  { path: '/v1/evals', instead: 'use hone eval and hone gate, or the evaluations of /api' },
  {
    path: '/v1/fine_tuning/alpha/graders',
    instead: 'jobs are supervised or dpo, without graders; judge answers with hone eval',
  },
  {
    path: '/v1/fine_tuning/checkpoints',
    instead: 'a key that may invoke a model may use it: hone keys add --allow invoke:MODEL',
  },
  { path: '/v1/organization', instead: people },
  { path: '/v1/projects', instead: people },
  ...withoutEnd,
]
