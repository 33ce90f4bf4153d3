import type { Invocation } from '../../../service/serving/invocation-record.ts'
import { InvocationNote } from '../../answer/invocation-note.ts'
import { AwsError, type AwsReply, type AwsRequest } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'

/** What the log says of a failure. */
export const errorCodeOf = (error: unknown): string =>
  error instanceof AwsError ? error.code : 'InternalServerException'

/** An operation of the runtime. */
export type RuntimeOperation = (
  context: BedrockContext,
  request: AwsRequest,
  modelId: string,
) => Promise<AwsReply>

/** An operation whose requests are noted, those that fail too. */
export const logged =
  (
    operation: Invocation['operation'],
    act: (
      context: BedrockContext,
      request: AwsRequest,
      modelId: string,
      note: InvocationNote,
    ) => Promise<AwsReply>,
  ): RuntimeOperation =>
  async (context, request, modelId) => {
    const { id: requestId, region, identity } = request
    const note = await InvocationNote.begin(context, {
      requestId,
      region,
      account: identity.account,
      identity: identity.arn,
      operation,
      modelId,
    })
    try {
      return await act(context, request, modelId, note)
    } catch (error) {
      note.fail(errorCodeOf(error), request.signal)
      throw error
    }
  }
