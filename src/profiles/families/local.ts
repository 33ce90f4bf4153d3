import type { Profile } from '../profile.ts'

/** What Hone's own engine takes: any form that it reads. Its limits follow from the base and are given by the caller. */
export const local: Profile = {
  id: 'local',
  service: 'local',
  title: "Hone's own engine",
  modelIds: [],
  method: 'supervised',
  asOf: '2026-11',
  regions: [],
  record: {
    kind: 'messages',
    required: [],
    optional: [],
    openKeys: true,
    messageKeys: [],
    roles: ['system', 'user', 'assistant', 'tool'],
    alternating: true,
    first: 'user',
    last: 'assistant',
    minimumMessages: 2,
    content: 'either',
    source: 'json-lines',
  },
  records: { minimum: { value: 10, source: 'json-lines', note: 'fewer leave nothing to validate with' } },
  files: {},
  hyperparameters: [],
  lifecycle: { successors: [], source: 'json-lines' },
  prices: [],
  notes: ['Limits in tokens are those of the base: name it as `local:MODEL`.'],
}
