/** How a service counts and charges the tokens of training data, as far as can be known without asking it. */
export interface TokenPlan {
  /** What the command line takes, such as `openai:gpt-4o-mini`. */
  readonly id: string
  readonly title: string
  /** Characters (UTF-16 code units) for each token. */
  readonly charactersPerToken: number
  /** Tokens that each message takes beside its text. */
  readonly tokensPerMessage: number
  /** Tokens that each record takes beside its messages. */
  readonly tokensPerRecord: number
  /** The method in words, with where it is from. */
  readonly method: string
  /** Longest record that the service takes, in tokens; null where it is not published. */
  readonly recordLimit: number | null
  /** The service's own default. */
  readonly epochs: number
  /** USD for a million trained tokens; null where no source names it. */
  readonly trainingPrice: number | null
  /** Where the price is from, with its date; why there is none. */
  readonly priceSource: string
}

const bedrockMethod =
  '6 characters a token, as the Amazon Bedrock user guide plans ("Prepare data for fine-tuning", 2026-10)'
const bedrock = {
  charactersPerToken: 6,
  tokensPerMessage: 0,
  tokensPerRecord: 0,
  method: bedrockMethod,
  trainingPrice: null,
  priceSource: 'no published price was found; Bedrock charges tokens × epochs and storage for each month',
}

const openaiMethod =
  '4 characters a token (help.openai.com, "What are tokens") and 3 tokens a message and 3 a record (OpenAI Cookbook, "How to count tokens with tiktoken")'
const openai = {
  charactersPerToken: 4,
  tokensPerMessage: 3,
  tokensPerRecord: 3,
  method: openaiMethod,
  recordLimit: null,
  epochs: 3,
  priceSource: 'copies of the OpenAI price list, 2026-11',
}

/** The services whose tokens can be estimated. */
export const tokenPlans: readonly TokenPlan[] = [
  {
    ...bedrock,
    id: 'bedrock:claude-3-haiku',
    title: 'Claude 3 Haiku on Bedrock',
    recordLimit: 32_000,
    epochs: 2,
  },
  { ...bedrock, id: 'bedrock:nova-micro', title: 'Nova Micro on Bedrock', recordLimit: 32_000, epochs: 2 },
  { ...bedrock, id: 'bedrock:nova-lite', title: 'Nova Lite on Bedrock', recordLimit: 32_000, epochs: 2 },
  { ...bedrock, id: 'bedrock:nova-pro', title: 'Nova Pro on Bedrock', recordLimit: 32_000, epochs: 2 },
  { ...bedrock, id: 'bedrock:llama-3.1', title: 'Llama 3.1 on Bedrock', recordLimit: 16_000, epochs: 5 },
  { ...bedrock, id: 'bedrock:llama-3.2', title: 'Llama 3.2 on Bedrock', recordLimit: 16_000, epochs: 5 },
  { ...bedrock, id: 'bedrock:llama-3.3', title: 'Llama 3.3 on Bedrock', recordLimit: 16_000, epochs: 5 },
  { ...openai, id: 'openai:gpt-4o', title: 'GPT-4o', trainingPrice: 25 },
  { ...openai, id: 'openai:gpt-4o-mini', title: 'GPT-4o mini', trainingPrice: 3 },
  { ...openai, id: 'openai:gpt-4.1', title: 'GPT-4.1', trainingPrice: 25 },
  { ...openai, id: 'openai:gpt-4.1-mini', title: 'GPT-4.1 mini', trainingPrice: 5 },
  { ...openai, id: 'openai:gpt-4.1-nano', title: 'GPT-4.1 nano', trainingPrice: 1.5 },
]
