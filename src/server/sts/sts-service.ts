import type { KeyStore } from '../../store/database/key-store.ts'
import { AwsError, type AwsService } from '../aws/aws-request.ts'
import { answerQuery, requiredParameter, type QueryAction } from '../aws/query-protocol.ts'

type Credentials = Readonly<Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken' | 'Expiration', string>>

export interface StsOptions {
  readonly keys: KeyStore
}

/** Session names and their lengths: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const sessionName = /^[\w+=,.@-]{2,64}$/
const roleArn = /^arn:aws(?:-[a-z-]{1,20})?:iam::\d{12}:role\/.{1,512}$/

const getCallerIdentity: QueryAction = ({ request }) =>
  Promise.resolve({
    Arn: request.identity.arn,
    UserId: request.identity.keyId,
    Account: request.identity.account,
  })

/** Who am I, and sessions: what scripts call before and beside Bedrock. */
export function createStsService({ keys }: StsOptions): AwsService {
  const session = async (
    user: string,
    allow: readonly string[],
    parameters: URLSearchParams,
    most: number,
    usual: number,
  ): Promise<Credentials> => {
    const seconds = Number(parameters.get('DurationSeconds') ?? usual)
    if (!Number.isInteger(seconds) || seconds < 900 || seconds > most) {
      throw new AwsError('ValidationError', 400, `DurationSeconds must be between 900 and ${most}`)
    }
    const key = await keys.createPair({ user, allow }, { seconds })
    return {
      AccessKeyId: key.id,
      SecretAccessKey: key.secret,
      SessionToken: key.sessionToken ?? '',
      Expiration: new Date(key.expires ?? 0).toISOString(),
    }
  }

  const assumeRole: QueryAction = async ({ request, parameters }) => {
    const role = requiredParameter(parameters, 'RoleArn', roleArn)
    const name = requiredParameter(parameters, 'RoleSessionName', sessionName)
    const assumed = `${role.slice(role.lastIndexOf('/') + 1)}/${name}`
    // A session may do what its maker may: roles carry no rights of their own here.
    const credentials = await session(`role/${assumed}`, request.identity.allow, parameters, 43_200, 3600)
    return {
      Credentials: credentials,
      AssumedRoleUser: {
        AssumedRoleId: `${credentials.AccessKeyId}:${name}`,
        Arn: `arn:aws:sts::${request.identity.account}:assumed-role/${assumed}`,
      },
    }
  }

  const getSessionToken: QueryAction = async ({ request, parameters }) => ({
    Credentials: await session(request.identity.user, request.identity.allow, parameters, 129_600, 43_200),
  })

  const actions = {
    GetCallerIdentity: getCallerIdentity,
    AssumeRole: assumeRole,
    GetSessionToken: getSessionToken,
  }
  return (request) => answerQuery(request, actions, 'https://sts.amazonaws.com/doc/2011-06-15/')
}
