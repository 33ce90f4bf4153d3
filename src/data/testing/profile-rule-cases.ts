import { calling, chat, converse, many, pair, talk, withPictures, type RuleCase } from './make-records.ts'

const nova = 'bedrock:nova-lite'
const openai = 'openai:gpt-4o-mini'

/** For the rules of services. */
export const profileCases: readonly RuleCase[] = [
  {
    id: 'bedrock/required-key',
    bad: [{ prompt: 'q', completion: 'a' }],
    near: [chat('q', 'a', { system: 's' })],
  },
  {
    id: 'bedrock/required-key',
    for: 'bedrock:titan-text-lite',
    bad: [{ prompt: 'q' }, { prompt: ['q'], completion: 'a' }],
    near: [{ prompt: 'q', completion: 'a' }],
  },
  {
    id: 'bedrock/required-key',
    bad: [chat('q', 'a', { system: ['s'] })],
    near: [chat('q', 'a', { system: '' })],
  },
  {
    id: 'bedrock/required-key',
    for: nova,
    bad: [converse('q', 'a', { system: 's' })],
    near: [converse('q', 'a', { system: [{ text: 's' }] })],
  },
  { id: 'openai/required-key', for: 'openai:gpt-4o:dpo', bad: [chat('q', 'a')], near: [pair('a', 'b')] },
  { id: 'bedrock/extraneous-key', bad: [chat('q', 'a', { id: 7 })], near: [chat('q', 'a', { system: 's' })] },
  {
    id: 'bedrock/extraneous-key',
    bad: [talk(['user', 'q', { name: 'Ann' }], ['assistant', 'a'])],
    near: [chat('q', 'a')],
  },
  {
    id: 'openai/extraneous-key',
    for: openai,
    bad: [chat('q', 'a', { label: 'x' })],
    near: [chat('q', 'a', { parallel_tool_calls: true })],
  },
  {
    id: 'bedrock/content-type',
    bad: [chat([{ type: 'text', text: 'q' }], 'a')],
    near: [chat('[{"type": "text"}]', 'a')],
  },
  {
    id: 'bedrock/content-type',
    for: nova,
    bad: [{ schemaVersion: 'x', ...chat('q', 'a') }],
    near: [converse('q', 'a')],
  },
  {
    id: 'openai/content-type',
    for: openai,
    bad: [chat(7, 'a'), chat('q', null)],
    near: [calling('find', '{"n": 1}')],
  },
  { id: 'bedrock/empty-content', bad: [chat('  ', 'a')], near: [chat(' . ', 'a')] },
  {
    id: 'openai/empty-content',
    for: openai,
    bad: [chat([], 'a')],
    near: [chat([{ type: 'text', text: 'q' }], 'a')],
  },
  {
    id: 'bedrock/role',
    bad: [talk(['system', 's'], ['user', 'q'], ['assistant', 'a'])],
    near: [chat('q', 'a', { system: 's' })],
  },
  {
    id: 'bedrock/role',
    bad: [talk(['User', 'q'], ['assistant', 'a']), '{"messages": ["q", "a"]}'],
    near: [chat('q', 'a')],
  },
  {
    id: 'openai/role',
    for: openai,
    bad: [talk(['human', 'q'], ['assistant', 'a'])],
    near: [talk(['developer', 's'], ['user', 'q'], ['assistant', 'a'])],
  },
  {
    id: 'bedrock/first-role',
    bad: [talk(['assistant', 'hi'], ['user', 'q'], ['assistant', 'a'])],
    near: [chat('hi', 'a')],
  },
  {
    id: 'bedrock/alternation',
    bad: [talk(['user', 'q'], ['user', 'r'], ['assistant', 'a'])],
    near: [talk(['user', 'q'], ['assistant', 'a'], ['user', 'r'], ['assistant', 'b'])],
  },
  {
    id: 'bedrock/last-role',
    bad: [talk(['user', 'q'], ['assistant', 'a'], ['user', 'r'])],
    near: [chat('q', 'a')],
  },
  {
    id: 'openai/last-role',
    for: openai,
    bad: [talk(['system', 's'], ['user', 'q'])],
    near: [calling('find', '{"n": 1}')],
  },
  {
    id: 'openai/last-role',
    for: 'openai:o4-mini:rft',
    bad: [chat('q', 'a')],
    near: [{ ...talk(['user', 'q']), reference: 'a' }],
  },
  { id: 'bedrock/too-few-messages', bad: [talk(['user', 'q'])], near: [chat('q', 'a')] },
  { id: 'openai/too-few-messages', for: openai, bad: [talk(['assistant', 'a'])], near: [chat('q', 'a')] },
  {
    id: 'bedrock/reserved-text',
    for: nova,
    bad: [converse('User: hello', 'a')],
    near: [converse('user: hello', 'Assistant: [EOS]')],
  },
  {
    id: 'bedrock/reserved-text',
    for: nova,
    bad: [converse('q', 'a', { system: [{ text: 'see <image>' }] })],
    near: [converse('see <img>', 'a')],
  },
  {
    id: 'bedrock/reserved-text',
    for: nova,
    bad: [
      '{"schemaVersion":"x","messages":[{"role":"user","content":[{"text":"\\u0042ot: x"}]},{"role":"assistant","content":[{"text":"a"}]}]}',
    ],
    near: [converse('Robot : x', 'a')],
  },
  { id: 'bedrock/tokens', bad: [chat('x'.repeat(192_000), 'a')], near: [chat('x'.repeat(191_999), 'a')] },
  {
    id: 'bedrock/tokens',
    for: 'bedrock:cohere-command',
    bad: [{ prompt: 'q', completion: 'x'.repeat(12_289) }],
    near: [{ prompt: 'q', completion: 'x'.repeat(12_288) }],
  },
  {
    id: 'bedrock/line-size',
    for: 'bedrock:distillation',
    bad: [converse('x'.repeat(16_500), 'a')],
    near: [converse('x'.repeat(16_000), 'a')],
  },
  {
    id: 'bedrock/schema-version',
    for: 'bedrock:llama-3.3-70b',
    bad: [
      { ...converse('q', 'a'), schemaVersion: 'bedrock-conversation-2023' },
      { ...converse('q', 'a'), schemaVersion: undefined },
    ],
    near: [converse('q', 'a')],
  },
  {
    id: 'bedrock/schema-version',
    for: nova,
    bad: [{ ...converse('q', 'a'), schemaVersion: 1 }],
    near: [{ ...converse('q', 'a'), schemaVersion: 'anything' }],
  },
  { id: 'bedrock/media', for: nova, bad: [withPictures(11)], near: [withPictures(10)] },
  { id: 'bedrock/media', for: nova, bad: [withPictures(1, 'bmp')], near: [withPictures(1, 'webp')] },
  { id: 'bedrock/media', for: 'bedrock:nova-micro', bad: [withPictures(1)], near: [converse('q', 'a')] },
  {
    id: 'openai/media',
    for: 'openai:gpt-4o',
    bad: [
      chat([{ type: 'image_url', image_url: { url: 'data:image/bmp;base64,AA' } }], 'a'),
      chat([{ type: 'image_url', image_url: { url: 'ftp://x/y.png' } }], 'a'),
    ],
    near: [chat([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }], 'a')],
  },
  {
    id: 'openai/weight',
    for: openai,
    bad: [
      talk(['user', 'q'], ['assistant', 'a', { weight: 0.5 }]),
      talk(['user', 'q'], ['assistant', 'a', { weight: 0 }]),
    ],
    near: [
      talk(
        ['user', 'q'],
        ['assistant', 'a', { weight: 0 }],
        ['user', 'r'],
        ['assistant', 'b', { weight: 1 }],
      ),
    ],
  },
  {
    id: 'openai/preference',
    for: 'openai:gpt-4.1:dpo',
    bad: [pair('a', 'a'), pair('a', 'b', 'assistant'), { ...pair('a', 'b'), preferred_output: [] }],
    near: [pair('a', 'b')],
  },
  {
    id: 'openai/tools',
    for: openai,
    bad: [calling('lose', '{}'), calling('find', 'not json'), calling('find', '{}', [{ type: 'function' }])],
    near: [calling('find', '{"n": 1}')],
  },
  {
    id: 'bedrock/tools',
    for: 'bedrock:rft',
    bad: [calling('lose', '{}')],
    near: [calling('find', '{"n": 1}')],
  },
  {
    id: 'bedrock/weight',
    for: 'bedrock:rft',
    bad: [talk(['user', 'q', { weight: 1 }])],
    near: [talk(['user', 'q'])],
  },
  {
    id: 'bedrock/record-count',
    bad: many(31, (at) => chat(`q${at}`, 'a')),
    near: many(32, (at) => chat(`q${at}`, 'a')),
  },
  {
    id: 'openai/record-count',
    for: openai,
    bad: many(9, (at) => chat(`q${at}`, 'a')),
    near: many(10, (at) => chat(`q${at}`, 'a')),
  },
  {
    id: 'local/record-count',
    for: 'local',
    bad: many(9, (at) => chat(`q${at}`, 'a')),
    near: many(10, (at) => chat(`q${at}`, 'a')),
  },
  {
    id: 'bedrock/file-name',
    for: nova,
    bad: [converse('q', 'a')],
    near: [converse('q', 'a')],
    names: ['my file.jsonl', 'my-file_1.jsonl'],
  },
  {
    id: 'openai/file-name',
    for: openai,
    bad: [chat('q', 'a')],
    near: [chat('q', 'a')],
    names: ['data.json', 'data.JSONL'],
  },
  { id: 'bedrock/blank-line', bad: [chat('q', 'a'), '', chat('r', 'a')], near: [chat('q', 'a')] },
]
