import { HoneError } from '../../core/errors.ts'
import { createChatTemplate } from '../../text/chat-template.ts'
import { createTokenizer } from '../../text/tokenizer.ts'
import type { ModelConfig } from '../arch/architecture.ts'

/**
 * Checks that a tokenizer and a chat template can be used and fit the weights.
 *
 * @throws HoneError `E_MODEL_FILE`, `E_MODEL_UNSUPPORTED` or `E_TEMPLATE`
 */
export function checkText(
  tokenizerJson: unknown,
  tokenizerConfig: Readonly<Record<string, unknown>>,
  config: ModelConfig,
  file: string,
): void {
  const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig)
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw new HoneError(
      'E_MODEL_FILE',
      `the tokenizer has ${tokenizer.vocabularySize} tokens, the weights have ${config.vocabularySize}`,
      { at: { file } },
    )
  }
  const template = tokenizerConfig['chat_template']
  if (typeof template === 'string') createChatTemplate(template, tokenizer.names)
}
