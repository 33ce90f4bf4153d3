/** A public page that a rule, limit, date or price was taken from. */
export interface Source {
  readonly title: string
  readonly url: string
  /** When it was read, `YYYY-MM`; absent where it was not: what refers to it is from memory, and unverified. */
  readonly read?: string
  /** True for pages that quote the service, where its own page was not read. */
  readonly secondHand?: true
}

const bedrock = (page: string): Source => ({
  title: `Amazon Bedrock User Guide, ${page}`,
  url: `https://docs.aws.amazon.com/bedrock/latest/userguide/${page}.html`,
  read: '2026-10',
})

const openai = (title: string, page: string): Source => ({
  title: `OpenAI documentation, ${title}`,
  url: `https://platform.openai.com/docs/${page}`,
})

const read = '2026-10'

/** Every page that a profile or a rule refers to, by the name that they refer to it with. */
export const sources: Readonly<Record<SourceId, Source>> = {
  'bedrock-data': bedrock('model-customization-prepare'),
  'bedrock-troubleshooting': bedrock('fine-tuning-troubleshooting'),
  'bedrock-models': bedrock('custom-model-fine-tuning'),
  'bedrock-hyperparameters': bedrock('custom-models-hp'),
  'bedrock-claude-hyperparameters': bedrock('cm-hp-anth-claude-3'),
  'bedrock-legacy': bedrock('model-lifecycle-legacy'),
  'bedrock-rft-data': bedrock('rft-prepare-data'),
  'bedrock-rft': bedrock('reinforcement-fine-tuning'),
  'bedrock-distillation': bedrock('distillation-data-prep-option-1'),
  'bedrock-quotas': {
    title: 'AWS General Reference, Amazon Bedrock endpoints and quotas',
    url: 'https://docs.aws.amazon.com/general/latest/gr/bedrock.html',
    read: '2026-10',
  },
  'bedrock-rft-api': {
    title: 'Amazon Bedrock API Reference, RFTHyperParameters',
    url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_RFTHyperParameters.html',
    read: '2026-10',
  },
  'nova-data': {
    title: 'Amazon Nova User Guide, fine-tune-prepare-data-understanding',
    url: 'https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html',
    read: '2026-10',
  },
  'anthropic-cookbook': {
    title: 'Anthropic cookbook, finetuning/finetuning_on_bedrock.ipynb',
    url: 'https://github.com/anthropics/anthropic-cookbook/blob/main/finetuning/finetuning_on_bedrock.ipynb',
    read: '2026-10',
  },
  'anthropic-news': {
    title: 'Anthropic, Fine-tune Claude 3 Haiku in Amazon Bedrock',
    url: 'https://www.anthropic.com/news/fine-tune-claude-3-haiku-ga',
    read: '2026-10',
  },
  'bedrock-prices': {
    title: 'Copies of the Amazon Bedrock pricing page',
    url: 'https://aws.amazon.com/bedrock/pricing/',
    read: '2024-03',
    secondHand: true,
  },
  'openai-supervised': { ...openai('Supervised fine-tuning', 'guides/supervised-fine-tuning'), read },
  'openai-preference': openai('Direct preference optimization', 'guides/direct-preference-optimization'),
  'openai-reinforcement': openai('Reinforcement fine-tuning', 'guides/reinforcement-fine-tuning'),
  'openai-vision': openai('Vision fine-tuning', 'guides/vision-fine-tuning'),
  'openai-api': openai('API reference, fine-tuning', 'api-reference/fine-tuning'),
  'openai-files': {
    title: "OpenAI's client for Node, 6.49.0, types of files",
    url: 'https://www.npmjs.com/package/openai/v/6.49.0',
    read,
  },
  'openai-help-tokens': {
    title:
      'OpenAI help, What are tokens and how to count them, and Cookbook, How to count tokens with tiktoken',
    url: 'https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them',
  },
  'openai-deprecations': { ...openai('Deprecations', 'deprecations'), read, secondHand: true },
  'openai-prices': { ...openai('Pricing', 'pricing'), read, secondHand: true },
  'json-lines': { title: 'JSON Lines', url: 'https://jsonlines.org', read: '2026-10' },
  json: { title: 'RFC 8259, JSON', url: 'https://www.rfc-editor.org/rfc/rfc8259', read: '2026-10' },
}

export type SourceId =
  | 'bedrock-data'
  | 'bedrock-troubleshooting'
  | 'bedrock-models'
  | 'bedrock-hyperparameters'
  | 'bedrock-claude-hyperparameters'
  | 'bedrock-legacy'
  | 'bedrock-rft-data'
  | 'bedrock-rft'
  | 'bedrock-distillation'
  | 'bedrock-quotas'
  | 'bedrock-rft-api'
  | 'nova-data'
  | 'anthropic-cookbook'
  | 'anthropic-news'
  | 'bedrock-prices'
  | 'openai-supervised'
  | 'openai-preference'
  | 'openai-reinforcement'
  | 'openai-vision'
  | 'openai-api'
  | 'openai-files'
  | 'openai-help-tokens'
  | 'openai-deprecations'
  | 'openai-prices'
  | 'json-lines'
  | 'json'
