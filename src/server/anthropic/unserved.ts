import type { Unserved } from '../json-api/unserved.ts'

const agent = 'agents run in your program: use /v1/messages with tools (thread: false in the SDK)'
const people = 'users, keys and what they may do are managed by hone keys; use is counted at /metrics'

/** What Anthropic serves and this server does not. */
export const unserved: readonly Unserved[] = [
  { path: '/v1/complete', instead: 'use /v1/messages' },
  { path: '/v1/agents', instead: agent },
  { path: '/v1/environments', instead: agent },
  { path: '/v1/sessions', instead: agent },
  { path: '/v1/dreams', instead: agent },
  { path: '/v1/memory_stores', instead: agent },
  { path: '/v1/vaults', instead: agent },
  { path: '/v1/tunnels', instead: agent },
  { path: '/v1/skills', instead: agent },
  { path: '/v1/deployments', instead: `${agent}; tuned models are deployed by /v1/fine_tuning/deployments` },
  { path: '/v1/deployment_runs', instead: agent },
  { path: '/v1/user_profiles', instead: 'say whom an answer is for in metadata.user_id' },
  { path: '/v1/organizations', instead: people },
]
