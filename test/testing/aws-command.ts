import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestServer } from './start-server.ts'
import { python } from './vendor-python.ts'

const execute = promisify(execFile)

export interface AwsCommand {
  /** What the CLI prints. */
  readonly run: (...words: string[]) => Promise<string>
  /** The same, as the JSON that it is. */
  readonly json: (...words: string[]) => Promise<Record<string, string>>
  /** The words of a command and its options. */
  readonly command: (name: string, options: Readonly<Record<string, string>>) => string[]
}

/** The aws CLI in a folder, with nothing but the address changed. */
export function awsCommand(
  { endpoint, credentials }: Pick<TestServer, 'endpoint' | 'credentials'>,
  folder: string,
): AwsCommand {
  async function run(...words: string[]): Promise<string> {
    const { stdout } = await execute(
      python,
      ['-m', 'awscli', '--region', 'us-west-2', '--output', 'json', ...words],
      {
        cwd: folder,
        env: {
          ...process.env,
          // The user's own settings, such as another output or an assumed role, are not meant.
          AWS_CONFIG_FILE: join(folder, 'no-config'),
          AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
          AWS_ENDPOINT_URL: endpoint,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_PAGER: '',
        },
      },
    )
    return stdout
  }
  return {
    run,
    json: async (...words) => JSON.parse(await run(...words)) as Record<string, string>,
    command: (name, options) => [
      ...name.split(' '),
      ...Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]),
    ],
  }
}
