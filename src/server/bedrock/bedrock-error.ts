import { AwsError } from '../aws/aws-request.ts'

export const validationError = (message: string): AwsError =>
  new AwsError('ValidationException', 400, message)

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', 404, message)

/** Of the control plane: with the status 400. */
export const conflict = (message: string): AwsError => new AwsError('ConflictException', 400, message)

export const accessDenied = (action: string, resource: string): AwsError =>
  new AwsError(
    'AccessDeniedException',
    403,
    `This key is not allowed to perform: ${action} on resource: ${resource}`,
  )
