import type { ListedObject } from './page.ts'

/** A model as a list shows it. */
export interface ShownModel {
  readonly id: string
  readonly title: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

const no = { supported: false }
const yes = { supported: true }

/**
 * What every local model can do, and what none can.
 * Source: the types of @anthropic-ai/sdk 1.12.0
 */
const capabilities = {
  batch: yes,
  citations: no,
  code_execution: no,
  context_management: {
    supported: false,
    clear_thinking_20251015: no,
    clear_tool_uses_20250919: no,
    compact_20260112: no,
  },
  effort: { supported: false, high: no, low: no, max: no, medium: no, xhigh: no },
  image_input: no,
  pdf_input: no,
  server_tools: { supported: false, code_execution: no, web_search: no },
  structured_outputs: yes,
  thinking: {
    supported: false,
    types: { adaptive: no, between_tools: no, disabled: yes, enabled: no },
  },
}

/** A model as `GET /v1/models` shows it. Source: https://docs.anthropic.com/en/api/models */
export const writeModel = ({ id, title, createdAt }: ShownModel): ListedObject => ({
  id,
  type: 'model',
  display_name: title,
  created_at: new Date(createdAt).toISOString(),
  lifecycle: 'active',
  deprecated_at: null,
  retires_at: null,
  line: null,
  capabilities,
  max_input_tokens: null,
  max_tokens: null,
})
