import { NameTaken, type Resource, type ResourceStore } from '../../store/database/resource-store.ts'
import type { XmlContent } from '../../wire/xml.ts'
import type { IamDocument } from '../../service/serving/iam-document.ts'
import { resourceId } from '../../service/tuning/tuning-service.ts'
import { AwsError, type AwsRequest, type AwsService } from '../aws/aws-request.ts'
import { isAllowed } from '../aws/identity.ts'
import { answerQuery, requiredParameter, type QueryAction } from '../aws/query-protocol.ts'

export interface IamOptions {
  readonly roles: ResourceStore<IamDocument>
  readonly policies: ResourceStore<IamDocument>
}

type Stored = Resource<IamDocument>

const entityName = /^[\w+=,.@-]{1,128}$/

/**
 * The calls with which notebooks make the role of a job: kept and answered consistently.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/
 */
export function createIamService({ roles, policies }: IamOptions): AwsService {
  const findRole = async (parameters: URLSearchParams): Promise<Stored> => {
    const name = requiredParameter(parameters, 'RoleName', entityName)
    const role = await roles.findByName(name)
    if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`)
    return role
  }
  const changeRole = async (
    parameters: URLSearchParams,
    change: (document: IamDocument) => IamDocument,
  ): Promise<undefined> => {
    const role = await findRole(parameters)
    await roles.change(role.id, { document: change(role.document) })
    return undefined
  }

  const actions: Readonly<Record<string, QueryAction>> = {
    CreateRole: async ({ request, parameters }) => {
      const name = requiredParameter(parameters, 'RoleName', entityName)
      const document = requiredParameter(parameters, 'AssumeRolePolicyDocument')
      return { Role: describeRole(await add(roles, name, document, parameters, 'Role'), request) }
    },
    GetRole: async ({ request, parameters }) => ({ Role: describeRole(await findRole(parameters), request) }),
    ListRoles: async ({ request }) => ({
      IsTruncated: false,
      Roles: (await roles.list({ limit: 1000, ascending: true })).map((role) => describeRole(role, request)),
    }),
    UpdateAssumeRolePolicy: ({ parameters }) => {
      const document = requiredJson(parameters, 'PolicyDocument')
      return changeRole(parameters, (role) => ({ ...role, document }))
    },
    DeleteRole: async ({ parameters }) => {
      const role = await findRole(parameters)
      if (role.document.attached.length > 0 || Object.keys(role.document.inline).length > 0) {
        throw new AwsError('DeleteConflict', 409, 'Cannot delete entity, must detach all policies first.')
      }
      await roles.remove(role.id)
      return undefined
    },
    PutRolePolicy: ({ parameters }) => {
      const name = requiredParameter(parameters, 'PolicyName', entityName)
      const document = requiredJson(parameters, 'PolicyDocument')
      return changeRole(parameters, (role) => ({ ...role, inline: { ...role.inline, [name]: document } }))
    },
    GetRolePolicy: async ({ parameters }) => {
      const role = await findRole(parameters)
      const name = requiredParameter(parameters, 'PolicyName', entityName)
      const document = Object.hasOwn(role.document.inline, name) ? role.document.inline[name] : undefined
      if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
      return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeURIComponent(document) }
    },
    ListRolePolicies: async ({ parameters }) => ({
      IsTruncated: false,
      PolicyNames: Object.keys((await findRole(parameters)).document.inline),
    }),
    DeleteRolePolicy: ({ parameters }) => {
      const name = requiredParameter(parameters, 'PolicyName', entityName)
      return changeRole(parameters, (role) => ({
        ...role,
        inline: Object.fromEntries(Object.entries(role.inline).filter(([key]) => key !== name)),
      }))
    },
    AttachRolePolicy: ({ parameters }) => {
      const arn = requiredParameter(parameters, 'PolicyArn')
      return changeRole(parameters, (role) => ({ ...role, attached: [...new Set([...role.attached, arn])] }))
    },
    DetachRolePolicy: ({ parameters }) => {
      const arn = requiredParameter(parameters, 'PolicyArn')
      return changeRole(parameters, (role) => ({
        ...role,
        attached: role.attached.filter((each) => each !== arn),
      }))
    },
    ListAttachedRolePolicies: async ({ parameters }) => ({
      IsTruncated: false,
      AttachedPolicies: (await findRole(parameters)).document.attached.map((arn) => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      })),
    }),
    CreatePolicy: async ({ request, parameters }) => {
      const name = requiredParameter(parameters, 'PolicyName', entityName)
      const document = requiredJson(parameters, 'PolicyDocument')
      return { Policy: describePolicy(await add(policies, name, document, parameters, 'Policy'), request) }
    },
    GetPolicy: async ({ request, parameters }) => ({
      Policy: describePolicy(await findPolicy(policies, parameters), request),
    }),
    DeletePolicy: async ({ parameters }) => {
      await policies.remove((await findPolicy(policies, parameters)).id)
      return undefined
    },
    GetUser: ({ request }) =>
      Promise.resolve({
        User: {
          Path: '/',
          UserName: request.identity.user,
          UserId: request.identity.keyId,
          Arn: request.identity.arn,
          CreateDate: new Date(0).toISOString(),
        },
      }),
  }
  return (request) => {
    if (!isAllowed(request.identity, 'iam', '*')) {
      throw new AwsError('AccessDenied', 403, 'This key is not allowed to call IAM.')
    }
    return answerQuery(request, actions, 'https://iam.amazonaws.com/doc/2010-05-08/')
  }
}

async function add(
  store: ResourceStore<IamDocument>,
  name: string,
  document: string,
  parameters: URLSearchParams,
  kind: 'Role' | 'Policy',
): Promise<Stored> {
  const id = resourceId()
  try {
    await store.add({
      id,
      name,
      state: 'active',
      parent: null,
      document: {
        document,
        path: parameters.get('Path') ?? '/',
        description: parameters.get('Description'),
        inline: {},
        attached: [],
      },
    })
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error
    throw new AwsError('EntityAlreadyExists', 409, `${kind} with name ${name} already exists.`)
  }
  const stored = await store.find(id)
  if (stored === undefined) throw new Error(`${kind} ${id} is gone`)
  return stored
}

async function findPolicy(
  policies: ResourceStore<IamDocument>,
  parameters: URLSearchParams,
): Promise<Stored> {
  const arn = requiredParameter(parameters, 'PolicyArn')
  const policy = await policies.findByName(arn.slice(arn.lastIndexOf('/') + 1))
  if (policy === undefined) throw noSuchEntity(`Policy ${arn.slice(0, 200)} was not found.`)
  return policy
}

function requiredJson(parameters: URLSearchParams, name: string): string {
  const text = requiredParameter(parameters, name)
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new AwsError('MalformedPolicyDocument', 400, 'This policy contains invalid Json')
  }
}

const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', 404, message)

const describeRole = (
  { id, name, document, createdAt }: Stored,
  { identity }: AwsRequest,
): { readonly [name: string]: XmlContent } => ({
  Path: document.path,
  RoleName: name,
  RoleId: `AROA${id.toUpperCase()}`,
  Arn: `arn:aws:iam::${identity.account}:role${document.path}${name}`,
  CreateDate: new Date(createdAt).toISOString(),
  AssumeRolePolicyDocument: encodeURIComponent(document.document),
  Description: document.description ?? undefined,
  MaxSessionDuration: 3600,
})

const describePolicy = (
  { id, name, document, createdAt, updatedAt }: Stored,
  { identity }: AwsRequest,
): { readonly [name: string]: XmlContent } => ({
  PolicyName: name,
  PolicyId: `ANPA${id.toUpperCase()}`,
  Arn: `arn:aws:iam::${identity.account}:policy${document.path}${name}`,
  Path: document.path,
  DefaultVersionId: 'v1',
  AttachmentCount: 0,
  IsAttachable: true,
  CreateDate: new Date(createdAt).toISOString(),
  UpdateDate: new Date(updatedAt).toISOString(),
})
