import type { RunningServer } from '../../service/serving/running-server.ts'
import type { Paint } from './paint.ts'

/** What a server says when it has started. */
export function serverLines(server: RunningServer, paint: Paint): string[] {
  const { address, page, home, workers, madeKey, models, configFile } = server
  const bases = [...new Set(models.map(({ localBase }) => localBase))]
  const counted = workers === 1 ? '1 training worker' : `${workers} training workers`
  const keys =
    madeKey === undefined
      ? ['keys      as before']
      : [
          `keys      made for this home, shown this once:`,
          `export AWS_ACCESS_KEY_ID=${madeKey.id}`,
          `export AWS_SECRET_ACCESS_KEY=${madeKey.secret}`,
          `export OPENAI_API_KEY=${madeKey.bearer}`,
          `export ANTHROPIC_API_KEY=${madeKey.bearer}`,
        ]
  return [
    `hone serves at ${paint.good(address)} · home ${home} · ${counted}`,
    `page      ${page}`,
    'speaks    Bedrock, S3, STS and IAM, OpenAI and Anthropic:',
    `export AWS_ENDPOINT_URL=${address}`,
    `export OPENAI_BASE_URL=${address}/v1`,
    `export ANTHROPIC_BASE_URL=${address}`,
    ...keys,
    `models    ${models.length} bases of Amazon Bedrock and OpenAI → ${bases.join(', ')} (local stand-ins, they are not those models)`,
    `settings  ${configFile ?? 'defaults; a hone.server.yaml in the home changes them'}`,
  ]
}
